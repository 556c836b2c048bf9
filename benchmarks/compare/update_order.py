"""The order of reads and updates in a graph as TensorFlow's optimizers leave it.

A ref variable's value is its buffer: who takes it has to be done before an update begins. Numbers show an order
that is missing only where threads happen to run the wrong way.
"""

UPDATES = ("Apply", "Assign", "Scatter")
# What may hand on the buffer, and copies nothing.
PASS_ON = {"Enter", "ExpandDims", "Identity", "Merge", "Reshape", "Squeeze", "Switch"}


def node_of(taken):
    return taken.lstrip("^").split(":")[0]


def updates_too_early(graph_def):
    """Pairs of an update and of a node that takes the variable's value and need not be done before it."""
    nodes = {node.name: node for node in graph_def.node}
    takers = {}
    for node in graph_def.node:
        for taken in node.input:
            if not taken.startswith("^"):
                takers.setdefault(node_of(taken), []).append(node)

    def is_update(node):
        return any(kind in node.op for kind in UPDATES)

    def is_earlier_iteration(taken):
        """Whether it is a loop variable as the body has it. In the last iteration that is from the one before."""
        switch = nodes[node_of(taken)]
        if switch.op != "Switch" or not taken.endswith(":1"):
            return False
        merge = nodes[node_of(switch.input[0])]
        return merge.op == "Merge" and any(nodes[node_of(value)].op == "NextIteration" for value in merge.input)

    def before(update):
        """The nodes that are done before, in all iterations."""
        found, open_ends = set(), [update]
        while open_ends:
            for taken in open_ends.pop().input:
                if node_of(taken) not in found and not is_earlier_iteration(taken):
                    found.add(node_of(taken))
                    open_ends.append(nodes[node_of(taken)])
        return found

    def takers_of(variable):
        found, open_ends = {}, [variable]
        while open_ends:
            for node in takers.get(open_ends.pop(), []):
                if node.name not in found and not is_update(node):
                    found[node.name] = node
                    if node.op in PASS_ON:
                        open_ends.append(node.name)
        return [node for node in found.values() if node.op not in PASS_ON]

    pairs = []
    for update in graph_def.node:
        if not is_update(update) or not update.input or nodes[node_of(update.input[0])].op != "VariableV2":
            continue
        done = before(update)
        pairs += [(update.name, node.name) for node in takers_of(node_of(update.input[0])) if node.name not in done]
    return pairs
