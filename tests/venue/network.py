"""Hosts on a network of their own: namespaces of this machine, joined by a bridge.

Needs Linux, root, and `ip` and `bridge` of iproute2.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

FORWARDING, BLOCKED = 3, 0
"""States of a port of the bridge."""


class Network:
    """So many hosts, numbered from 0. Its names are of this process: several may run at once."""

    def __init__(self, hosts: int) -> None:
        self.hosts = range(hosts)
        self._name = f"bo{os.getpid()}"
        self._made: list[str] = []

    def address(self, host: int) -> str:
        return f"10.77.0.{host + 1}"

    def command(self, host: int, words: Sequence[str]) -> list[str]:
        """`words`, to be run on `host`."""
        return ["ip", "netns", "exec", f"{self._name}h{host}", *words]

    def cut(self, host: int) -> None:
        """Lose all that goes to and from `host`, in silence: its own link stays up."""
        self._switch(host, BLOCKED)

    def mend(self, host: int) -> None:
        self._switch(host, FORWARDING)

    def _switch(self, host: int, state: int) -> None:
        port = f"port{host}"
        _run(f"ip netns exec {self._name}sw bridge link set dev {port} state {state}")

    def open(self) -> None:
        """Raises CalledProcessError where this machine does not let us."""
        switch = f"{self._name}sw"
        self._add(switch)
        _run(f"ip netns exec {switch} ip link add br0 type bridge")
        _run(f"ip netns exec {switch} ip link set br0 up")
        for host in self.hosts:
            name, inside = f"{self._name}h{host}", "ip netns exec"
            self._add(name)
            _run(f"ip link add eth0 netns {name} type veth peer name port{host} netns {switch}")
            _run(f"{inside} {name} ip addr add {self.address(host)}/24 dev eth0")
            _run(f"{inside} {name} ip link set eth0 up")
            _run(f"{inside} {name} ip route add default dev eth0")
            _run(f"{inside} {switch} ip link set port{host} master br0")
            _run(f"{inside} {switch} ip link set port{host} up")

    def close(self) -> None:
        """End what still runs on the hosts, and take them away."""
        for name in self._made:
            found = subprocess.run(
                ["ip", "netns", "pids", name], capture_output=True, text=True, check=False
            )
            if pids := found.stdout.split():
                subprocess.run(["kill", "-9", *pids], check=False)
            subprocess.run(["ip", "netns", "del", name], check=False)

    def _add(self, name: str) -> None:
        _run(f"ip netns add {name}")
        self._made.append(name)
        _run(f"ip netns exec {name} ip link set lo up")


@contextmanager
def network(hosts: int) -> Iterator[Network]:
    made = Network(hosts)
    try:
        made.open()
        yield made
    finally:
        made.close()


def why_not() -> str:
    """Why no network can be made here; empty: it can."""
    if sys.platform != "linux":
        return "network namespaces are Linux's"
    if os.geteuid() != 0:
        return "network namespaces need root"
    if not (shutil.which("ip") and shutil.which("bridge")):
        return "iproute2 is not installed"
    try:
        with network(1):
            return ""
    except subprocess.CalledProcessError as error:
        return f"this machine makes no network namespaces: {error.stderr.strip()}"


def _run(line: str) -> None:
    subprocess.run(line.split(), check=True, capture_output=True, text=True)
