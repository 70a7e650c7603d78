"""The ways in which a call gets into a graph, or into a Keras layer; each traces a function without arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf


def a_nested_function(call: Callable[[], object]) -> None:
    inner = tf.function(call)

    @tf.function
    def outer() -> Any:
        return inner()

    outer()


def a_branch(call: Callable[[], object]) -> None:
    @tf.function
    def graph(x: Any) -> Any:
        if x > 0:
            call()
        return x

    graph(tf.ones(()))


def a_loop(call: Callable[[], object]) -> None:
    @tf.function
    def graph(x: Any) -> Any:
        for _ in tf.range(3):
            call()
        return x

    graph(tf.ones(()))


def a_mapped_function(call: Callable[[], object]) -> None:
    @tf.function
    def graph(x: Any) -> Any:
        return tf.map_fn(lambda entry: (entry, call())[0], x)

    graph(tf.ones((3,)))


def a_dataset(call: Callable[[], object]) -> None:
    def mapped(x: Any) -> Any:
        call()
        return x

    tf.data.Dataset.range(3).map(mapped)


def a_method(call: Callable[[], object]) -> None:
    class Module(tf.Module):
        @tf.function
        def __call__(self, x: Any) -> Any:
            call()
            return x

    Module()(tf.ones(()))


def compiled(call: Callable[[], object]) -> None:
    @tf.function(jit_compile=True)
    def graph(x: Any) -> Any:
        call()
        return x

    graph(tf.ones(()))


def the_function_itself(call: Callable[[], object]) -> None:
    tf.function(call)()


class Layer(keras.layers.Layer):
    """Makes a call in the forward pass."""

    def __init__(self, made: Callable[[], object]) -> None:
        super().__init__()
        self.made = made

    def call(self, x: Any) -> Any:
        self.made()
        return x


def a_keras_layer(call: Callable[[], object]) -> None:
    Layer(call)(tf.ones((2, 3)))


def a_keras_layer_in_a_graph(call: Callable[[], object]) -> None:
    tf.function(Layer(call))(tf.ones((2, 3)))


def a_keras_layer_without_data(call: Callable[[], object]) -> None:
    Layer(call)(keras.Input((3,)))


def a_keras_model(call: Callable[[], object]) -> None:
    keras.Sequential([keras.layers.Dense(2), Layer(call)])(tf.ones((2, 3)))


WAYS = (
    the_function_itself,
    a_nested_function,
    a_branch,
    a_loop,
    a_mapped_function,
    a_dataset,
    a_method,
    compiled,
    a_keras_layer,
    a_keras_layer_in_a_graph,
    a_keras_layer_without_data,
    a_keras_model,
)
