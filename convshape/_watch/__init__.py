"""Explaining an engine's own errors while it raises them; nothing here touches an engine outside the context.

_context      the context manager: what is put on, what is taken off
_imports      engines that are imported only after it was entered
_tensorflow   tf.nn's functions, and the tf.functions that run them later
_keras        Keras's layers
_torch        torch.nn.functional and torch.nn
_patches      putting on and taking off
_notes        a diagnosis as a note on another error
"""
