"""Who the workers are, and how they meet before TensorFlow is asked: without any TensorFlow."""

from __future__ import annotations

import json
import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from dcgan.config import Config
from dcgan.distributed.cluster import Cluster, cluster_of, example
from dcgan.distributed.meeting import meet
from dcgan.errors import ClusterError
from tests.dcgan.strategy_support import members

TASK = {"type": "worker", "index": 0}
WRONG = {
    "not there": None,
    "not JSON": "worker 0",
    "no object": "[]",
    "no cluster": json.dumps({"task": TASK}),
    "no workers": json.dumps({"cluster": {"worker": []}, "task": TASK}),
    "a parameter server": json.dumps({"cluster": {"worker": ["a:1"], "ps": ["b:1"]}, "task": TASK}),
    "no list": json.dumps({"cluster": {"worker": "a:1"}, "task": TASK}),
    "a chief that is no list": json.dumps({"cluster": {"chief": None, "worker": ["a:1"]}, "task": TASK}),
    "no port": json.dumps({"cluster": {"worker": ["a"]}, "task": TASK}),
    "too large a port": json.dumps({"cluster": {"worker": ["a:65536"]}, "task": TASK}),
    "an address that is none": json.dumps({"cluster": {"worker": [2222]}, "task": TASK}),
    "twice the same": json.dumps({"cluster": {"worker": ["a:1", "a:1"]}, "task": TASK}),
    "two chiefs": json.dumps({"cluster": {"chief": ["a:1", "b:1"]}, "task": {"type": "chief", "index": 0}}),
    "no task": json.dumps({"cluster": {"worker": ["a:1"]}}),
    "a task that is not there": json.dumps(
        {"cluster": {"worker": ["a:1"]}, "task": {"type": "worker", "index": 1}}
    ),
    "no number": json.dumps({"cluster": {"worker": ["a:1"]}, "task": {"type": "worker", "index": "0"}}),
    "true for a number": json.dumps(
        {"cluster": {"worker": ["a:1", "b:1"]}, "task": {"type": "worker", "index": True}}
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_tf_config_is_refused_in_four_parts(name, snapshot):
    told = WRONG[name]
    with pytest.raises(ClusterError) as caught:
        Cluster.from_environment({} if told is None else {"TF_CONFIG": told})
    check_four_parts(caught.value)
    assert str(caught.value) == snapshot


def test_the_example_in_those_errors_works():
    with pytest.raises(ClusterError) as caught:
        Cluster.from_environment({})
    (written,) = re.findall(r"TF_CONFIG='(.*?)'", str(caught.value))
    assert written == example()
    assert Cluster.from_environment({"TF_CONFIG": written}).is_chief
    assert not Cluster.from_environment({"TF_CONFIG": written.replace('"index": 0', '"index": 1')}).is_chief


def test_a_job_named_chief_comes_first():
    told = {"cluster": {"worker": ["b:1"], "chief": ["a:1"]}, "task": TASK}
    cluster = Cluster.from_environment({"TF_CONFIG": json.dumps(told)})
    assert (cluster.addresses, cluster.index) == (("a:1", "b:1"), 1)


def test_only_multi_worker_asks_for_a_cluster(monkeypatch):
    monkeypatch.setenv("TF_CONFIG", "nonsense")
    assert cluster_of(Config()) is None
    assert cluster_of(Config(strategy="mirrored")) is None
    with pytest.raises(ClusterError):
        cluster_of(Config(strategy="multi_worker"))


def check_four_parts(error: ClusterError) -> None:
    assert [label for label, _ in error.diagnosis.parts()] == ["legal", "because", "fix"]


# ---- meeting ---------------------------------------------------------------------------------------------------


def meeting(*facts: dict[str, int], clusters: list[Cluster] | None = None) -> list[ClusterError | None]:
    """Let two workers meet with these facts, and return what each raised."""

    def attend(cluster: Cluster, own: dict[str, int]) -> ClusterError | None:
        try:
            meet(cluster, own, patience=20)
        except ClusterError as error:
            return error
        return None

    with ThreadPoolExecutor() as pool:
        return list(pool.map(attend, clusters or members(), facts))


def test_workers_that_agree_meet():
    assert meeting({"step": 3}, {"step": 3}) == [None, None]


def test_workers_that_do_not_agree_are_all_told(snapshot):
    clusters = members()
    one, other = meeting(
        {"newest checkpoint": 5, "configuration": 1, "version of keras": 3},
        {"newest checkpoint": 0, "configuration": 2, "version of keras": 3},
        clusters=clusters,
    )
    assert str(one) == str(other)
    check_four_parts(one)
    assert re.sub(r"127\.0\.0\.1:\d+", "ADDRESS", str(one)) == snapshot


@pytest.mark.parametrize("index", [0, 1])
def test_a_worker_that_does_not_come_is_named_in_time(index, snapshot):
    cluster = members()[index]
    began = time.monotonic()
    with pytest.raises(ClusterError) as caught:
        meet(cluster, {"step": 0}, patience=0.5)
    assert time.monotonic() - began < 15  # of a patience of half a second, on a busy machine
    check_four_parts(caught.value)
    assert re.sub(r"127\.0\.0\.1:\d+", "ADDRESS", str(caught.value)) == snapshot


def test_a_port_that_is_taken_is_named(snapshot):
    with socket.create_server(("", 0)) as door:
        port = door.getsockname()[1]
        cluster = Cluster((f"127.0.0.1:{port}", "127.0.0.1:1"), (("worker", 0), ("worker", 1)), 0)
        with pytest.raises(ClusterError) as caught:
            meet(cluster, {"step": 0}, patience=5)
    check_four_parts(caught.value)
    assert str(caught.value).replace(str(port), "PORT") == snapshot


def strangers(address: str) -> None:
    """Call a chief as no worker does: silent and gone, no JSON, no such number, and a worker that hangs up at once."""
    host, port = address.split(":")
    for said in (
        b"",
        b"GET / HTTP/1.1\r\n",
        b'{"worker": 7, "facts": {}}\n',
        b'{"worker": 1, "facts": {"step": 9}}\n',
    ):
        for _ in range(100):
            try:
                line = socket.create_connection((host, int(port)), timeout=5)
                break
            except ConnectionRefusedError:  # the chief does not listen yet
                time.sleep(0.05)
        with line:
            line.sendall(said)


def test_strangers_and_those_who_hang_up_are_not_counted():
    chief, *others = members(3)
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(meet, chief, {"step": 3}, patience=60)
        strangers(chief.addresses[0])
        assert not waiting.done()
        came = [pool.submit(meet, other, {"step": 3}, patience=60) for other in others]
        assert [future.result() for future in (waiting, *came)] == [None] * 3
