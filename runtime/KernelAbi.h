/* The whole contract between compiled kernels and the runtime. */
#ifndef GRAPHC_RUNTIME_KERNEL_ABI_H
#define GRAPHC_RUNTIME_KERNEL_ABI_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What one call of Session::run gives to every kernel. Kernels read the fields at these offsets. */
typedef struct GraphcRunContext {
  uint64_t session_seed; /* offset 0: for random ops without seeds */
  uint64_t run_index;    /* offset 8: how many runs this session began before this one */
  uint64_t step;         /* offset 16: of the recurrence that this call was taken out of; else 0 */
} GraphcRunContext;

/*
 * Computes the part [begin, end) of a kernel's outermost extent.
 * buffers: the kernel's inputs, then its outputs; each is dense, row-major and aligned to its
 * elements (not to vectors: it may be a part of another buffer, or the caller's memory). scratch:
 * memory of this call alone, as many bytes as the kernel asked for, 64-byte aligned.
 */
typedef void (*GraphcKernel)(void *const *buffers, int64_t begin, int64_t end, void *scratch,
                             const GraphcRunContext *context);

#ifdef __cplusplus
}
#endif
#endif
