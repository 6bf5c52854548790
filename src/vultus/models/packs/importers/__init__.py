"""Foreign model files → ONNX.

Imports `onnx`, which a process that only recognises faces does not need: import from here where a
network is built, not before. `processor` alone is light.
"""
