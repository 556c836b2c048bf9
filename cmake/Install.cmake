# `cmake --install` gives a tree that find_package(graphc CONFIG) understands.
