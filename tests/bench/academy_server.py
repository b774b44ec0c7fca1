"""A real academy on demo data, for benchmarks: made, served, signed in to, and measured from outside and inside."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

PASSWORD = "academy-demo"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def program() -> list[str]:
    """How to call the command of this environment."""
    return [str(Path(sys.executable).parent / "academy")]


class Server:
    """A program that serves on a port, and how much memory it takes."""

    def __init__(self, command: list[str], port: int, **environment: str) -> None:
        self.port = port
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        began = time.perf_counter()
        self.process = subprocess.Popen(command, env={**os.environ, **environment}, **quiet)  # type: ignore[call-overload]  # keyword arguments
        self.start_s = self._wait(began)

    def _wait(self, began: float) -> float:
        while time.perf_counter() - began < 60:
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1):
                    pass
            except OSError:
                if self.process.poll() is not None:
                    raise RuntimeError("the server stopped at once") from None
                time.sleep(0.02)
                continue
            return time.perf_counter() - began
        raise RuntimeError("the server did not start")

    def memory_mb(self) -> float:
        """The resident memory of the process."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024  # type: ignore[union-attr]  # every process has it

    def stop(self) -> None:
        """Stops the program."""
        self.process.terminate()
        self.process.wait(20)


class Browser:
    """Cookies and form tokens of one person, over plain HTTP."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    @property
    def headers(self) -> dict[str, str]:
        """What every request sends."""
        return {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Accept-Encoding": "gzip",
        }

    def ask(
        self, method: str, path: str, fields: dict[str, str] | None = None, **more: str
    ) -> tuple[int, str, dict[str, str]]:
        """Status, text and headers of one answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {**self.headers, **more}
        headers.pop("Accept-Encoding")
        body = None
        if fields is not None:
            body = urlencode({"form_token": self.token(), **fields})
            headers = {**headers, "Cookie": self.headers["Cookie"], "Content-Type": "application/x-www-form-urlencoded"}
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        connection.close()
        return answer.status, text, dict(answer.headers)

    def token(self) -> str:
        """A form token for this person."""
        return str(json.loads(self.ask("GET", "/form-token")[1])["token"])

    def sign_in(self, email: str) -> None:
        """This browser is signed in as that account of the demo."""
        status, _text, _headers = self.ask("POST", "/en/login", {"email": email, "password": PASSWORD})
        if status != 303:
            raise RuntimeError(f"could not sign in: {status}")


def make_demo(folder: Path) -> float:
    """Makes the demo academy in the folder; gives the seconds it took."""
    began = time.perf_counter()
    subprocess.run([*program(), "demo", "--no-serve", "--data", str(folder)], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def serve_demo(folder: Path) -> Server:
    """The demo academy of the folder, served."""
    port = free_port()
    return Server([*program(), "demo", "--data", str(folder), "--port", str(port)], port)


def forget(folder: Path) -> None:
    """Removes the folder."""
    shutil.rmtree(folder, ignore_errors=True)
