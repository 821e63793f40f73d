"""What the tests of the real program share: a configuration in a directory of its own, the program run to its end or as a
daemon, plain HTTP, and a WebSocket client of a page. Every wait is for a condition, with a deadline."""

import base64
import contextlib
import hashlib
import http.client
import json
import os
import pathlib
import re
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time

PROGRAM = sys.argv[1]
SOURCE = pathlib.Path(sys.argv[2])
# Long enough for a machine that is busy or sanitizes; reached only by a test that fails.
DEADLINE = 60

TOKYO = """calendar: XTKS
zone: Asia/Tokyo
from: 2025-04-01
to: 2030-12-31
hours:
  - {from: 2025-04-01, open: "09:00", break: ["11:30", "12:30"], auction: "15:25", close: "15:30", weekdays: [mon, tue, wed, thu, fri]}
"""
# A market that never sleeps, so that a live test rings on any day at any hour.
ALWAYS = """calendar: ALWAYS
zone: Etc/UTC
from: 2025-01-01
to: 2035-12-31
hours:
  - {from: 2025-01-01, open: "00:00", close: "24:00", weekdays: [mon, tue, wed, thu, fri, sat, sun]}
"""


class Folder:
    """A directory with files in it; the configuration is `tocsin.yaml`."""

    def __init__(self, **files):
        self._directory = tempfile.TemporaryDirectory(prefix="tocsin-test-")
        self.path = pathlib.Path(self._directory.name)
        for name, text in files.items():
            self.write(name.replace("__", "."), text)

    def write(self, name, text):
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def __truediv__(self, name):
        return self.path / name

    def close(self):
        self._directory.cleanup()


def run(*arguments, env=None, stdin=None):
    return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=DEADLINE * 4,
                          env=None if env is None else {**os.environ, **env}, input=stdin)


def until(condition, what):
    """Waits for a condition that only asking can tell."""
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        select.select([], [], [], 0.01)
    raise AssertionError(f"waited {DEADLINE} s in vain for {what}")


class Daemon:
    """`serve` or `replay --serve`; `address` is where it serves, `ports` where its feeds listen."""

    def __init__(self, *arguments, env=None):
        self.process = subprocess.Popen([PROGRAM, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        env={**os.environ, **(env or {})})
        self.log = b""
        self.ports = {}
        self.address = None

    def read_log(self, pattern, what):
        """Waits until the log has a line that matches."""
        end = time.monotonic() + DEADLINE
        while not (found := re.search(pattern, self.log)):
            readable, _, _ = select.select([self.process.stderr], [], [], max(0, end - time.monotonic()))
            more = os.read(self.process.stderr.fileno(), 65536) if readable else b""
            if not more:
                raise AssertionError(f"waited in vain for {what}; the log:\n{self.log.decode()}")
            self.log += more
        return found

    def wait_until_it_serves(self):
        found = self.read_log(rb"serving on ([0-9.]+):(\d+)", "the listener")
        self.address = found[1].decode(), int(found[2])
        self.ports = {name.decode(): int(port) for name, port in re.findall(rb"feed (\S+) listens on port (\d+)", self.log)}
        return self

    def get(self, target):
        connection = http.client.HTTPConnection(*self.address, timeout=DEADLINE)
        with contextlib.closing(connection):
            connection.request("GET", target)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()

    def get_json(self, target):
        status, _, body = self.get(target)
        assert status == 200, (status, body)
        return json.loads(body)

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        return self.wait()

    def wait(self):
        """Waits for its end; returns its status, how long it took, and what else it printed."""
        began = time.monotonic()
        out, log = self.process.communicate(timeout=DEADLINE)
        self.log += log
        return self.process.returncode, time.monotonic() - began, out.decode()

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()
        self.process.stdout.close()
        self.process.stderr.close()


class WebSocket:
    """RFC 6455, as little of it as a test needs."""

    def __init__(self, address, path="/v1/stream"):
        self.socket = socket.create_connection(address, timeout=DEADLINE)
        self.buffer = b""
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall((f"GET {path} HTTP/1.1\r\nHost: {address[0]}:{address[1]}\r\nUpgrade: websocket\r\n"
                             f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
                             "Sec-WebSocket-Protocol: tocsin.v1\r\n\r\n").encode())
        while b"\r\n\r\n" not in self.buffer:
            self._more()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        accept = base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest())
        assert head.startswith(b"HTTP/1.1 101 ") and accept in head, head

    def _more(self):
        more = self.socket.recv(65536)
        if not more:
            raise EOFError("the server has closed the connection")
        self.buffer += more

    def _take(self, count):
        while len(self.buffer) < count:
            self._more()
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    def _send(self, opcode, payload):
        mask = os.urandom(4)
        size = bytes([0x80 | len(payload)]) if len(payload) < 126 else b"\xfe" + len(payload).to_bytes(2, "big")
        self.socket.sendall(bytes([0x80 | opcode]) + size + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload)))

    def send(self, **message):
        self._send(1, json.dumps(message).encode())

    def answer_close(self, code=1001):
        self._send(8, code.to_bytes(2, "big"))

    def receive(self):
        """The next message, or the close code as a number."""
        while True:
            first, second = self._take(2)
            size = second & 0x7F
            if size > 125:
                size = int.from_bytes(self._take(2 if size == 126 else 8), "big")
            payload = self._take(size)
            if first & 0x0F == 8:
                return int.from_bytes(payload[:2], "big") if payload else 1005
            if first & 0x0F == 9:
                self._send(10, payload)
            if first & 0x0F == 1:
                return json.loads(payload)

    def expect(self, kind):
        """The next message of that type; heartbeats between are passed over."""
        while True:
            message = self.receive()
            if isinstance(message, dict) and message["type"] == "heartbeat" and kind != "heartbeat":
                continue
            assert isinstance(message, dict) and message["type"] == kind, (kind, message)
            return message

    def rest(self):
        """All messages until the server closes."""
        messages = []
        with contextlib.suppress(EOFError):
            while isinstance(message := self.receive(), dict):
                messages.append(message)
        return messages

    def close(self):
        self.socket.close()
