"""
A class on a hub, for hub.test.ts: students log in, start their servers and run a notebook, all at once.

Reads a JSON object from standard input:

    url        the hub, such as "http://127.0.0.1:8000"
    students   list of {"name", "password", "home"}
    cells      the code cells of the notebook, list of {"id", "source"}
    notebook   the notebook, which each student saves beside the course
    greedy     a cell that takes more memory than it may; the first student runs it

and writes one to standard output. Requests go through the hub's proxy, as a browser's do.
"""

import asyncio
import json
import sys
import time
import uuid
from urllib.parse import urlencode

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

# Seconds. Ten servers start at once on a machine with other work.
REQUEST_LIMIT = 600
START_LIMIT = 900
CELL_LIMIT = 1200

AsyncHTTPClient.configure(None, max_clients=100, defaults={"request_timeout": REQUEST_LIMIT})


class Student:
    """A student in a browser."""

    def __init__(self, url, name, password, home):
        self.url = url
        self.name = name
        self.password = password
        self.home = home
        self.token = None
        self.socket = None

    async def fetch(self, path, method="GET", body=None, headers=None):
        """Returns the response, for the student's token if there is one."""
        sent = {"Authorization": f"token {self.token}"} if self.token else {}
        if isinstance(body, dict):
            sent["Content-Type"] = "application/json"
        return await AsyncHTTPClient().fetch(
            HTTPRequest(
                self.url + path,
                method=method,
                body=json.dumps(body) if isinstance(body, dict) else body,
                headers={**sent, **(headers or {})},
                follow_redirects=False,
                allow_nonstandard_methods=True,
            )
        )

    async def status(self, path, method="GET"):
        """Returns the status of a request, also of a refused one."""
        try:
            return (await self.fetch(path, method)).code
        except HTTPClientError as error:
            return error.code

    async def log_in(self):
        """Logs in with the form, as a browser does, and takes a token for the REST API."""
        cookies = Cookies()
        cookies.take(await self.fetch("/hub/login"))
        form = {"username": self.name, "password": self.password, "_xsrf": cookies["_xsrf"]}
        try:
            await self.fetch("/hub/login", "POST", urlencode(form), {"Cookie": cookies.header()})
            raise RuntimeError(f"Expected {self.name} to log in and be sent on, received the form again.")
        except HTTPClientError as error:
            if error.code != 302:
                raise
            cookies.take(error.response)
        cookies.take(await self.fetch("/hub/token", headers={"Cookie": cookies.header()}))
        made = await self.fetch(
            f"/hub/api/users/{self.name}/tokens",
            "POST",
            {"note": "class"},
            {"Cookie": cookies.header(), "X-XSRFToken": cookies["_xsrf"], "Referer": f"{self.url}/hub/token"},
        )
        self.token = json.loads(made.body)["token"]

    async def start_server(self):
        """Starts the server and waits until it answers."""
        await self.fetch(f"/hub/api/users/{self.name}/server", "POST", {})
        end = time.monotonic() + START_LIMIT
        while time.monotonic() < end:
            user = json.loads((await self.fetch(f"/hub/api/users/{self.name}")).body)
            if (user.get("servers") or {}).get("", {}).get("ready"):
                return
            await asyncio.sleep(1)
        raise TimeoutError(f"Expected the server of {self.name} within {START_LIMIT} s.")

    def path(self, rest):
        return f"/user/{self.name}/api/{rest}"

    async def save(self, path, notebook):
        await self.fetch(
            self.path(f"contents/{path}"), "PUT", {"type": "notebook", "format": "json", "content": notebook}
        )

    async def files(self, path):
        listed = json.loads((await self.fetch(self.path(f"contents/{path}"))).body)
        return sorted(each["path"] for each in listed["content"])

    async def start_kernel(self, folder):
        made = await self.fetch(self.path("kernels"), "POST", {"path": folder})
        kernel = json.loads(made.body)
        address = self.url.replace("http", "ws", 1) + self.path(f"kernels/{kernel['id']}/channels")
        self.socket = await websocket_connect(
            HTTPRequest(address, headers={"Authorization": f"token {self.token}"}, request_timeout=REQUEST_LIMIT)
        )
        return kernel["name"]

    async def run(self, source):
        """Runs a cell and returns {"text", "error"}: what it showed, and its error's name, text and traceback."""
        request = uuid.uuid4().hex
        header = {"msg_id": request, "msg_type": "execute_request", "username": self.name, "session": "class"}
        content = {"code": source, "silent": False, "store_history": True, "allow_stdin": False, "stop_on_error": True}
        message = {"header": {**header, "version": "5.3", "date": ""}, "parent_header": {}, "metadata": {}}
        await self.socket.write_message(json.dumps({**message, "channel": "shell", "content": content, "buffers": []}))
        text, error, replied, idle = [], None, False, False
        while not (replied and idle):
            received = await asyncio.wait_for(self.socket.read_message(), CELL_LIMIT)
            if received is None:
                raise ConnectionError(f"Expected an open connection to the kernel of {self.name}.")
            answer = json.loads(received)
            if answer.get("parent_header", {}).get("msg_id") != request:
                continue
            kind, content = answer["msg_type"], answer["content"]
            replied = replied or kind == "execute_reply"
            idle = idle or (kind == "status" and content["execution_state"] == "idle")
            if kind == "stream":
                text.append(content["text"])
            elif kind in ("execute_result", "display_data"):
                text.append(content["data"].get("text/plain", ""))
            elif kind == "error":
                error = {key: content[key] for key in ("ename", "evalue", "traceback")}
        return {"text": "".join(text), "error": error}


class Cookies(dict):
    """The cookies of one browser."""

    def take(self, response):
        for line in response.headers.get_list("Set-Cookie"):
            name, _, value = line.split(";")[0].partition("=")
            self[name] = value.strip('"')

    def header(self):
        return "; ".join(f"{name}={value}" for name, value in self.items())


async def timed(work):
    """Awaits something and returns the seconds that it took."""
    started = time.monotonic()
    await work
    return time.monotonic() - started


async def work_through(student, cells):
    """Runs the cells in order. Returns the outcome of each and the seconds of all."""
    started = time.monotonic()
    outcomes = [{"id": cell["id"], **await student.run(cell["source"])} for cell in cells]
    return {"name": student.name, "cells": outcomes, "seconds": time.monotonic() - started}


# Tries to read files, and to connect to sockets. Shows a JSON object: what happened with each.
TRIAL = """
import * as trialFs from "node:fs";
import * as trialNet from "node:net";
const trialPaths: string[] = PATHS;
const trials: Record<string, string> = {};
for (const place of trialPaths) {
  try {
    if (trialFs.statSync(place).isSocket()) {
      await new Promise<void>((resolve, reject) => {
        const socket = trialNet.connect(place, () => { socket.end(); resolve(); });
        socket.on("error", reject);
      });
      trials[place] = "read";
    } else {
      trials[place] = trialFs.statSync(place).isDirectory() ? (trialFs.readdirSync(place), "read") : (trialFs.readFileSync(place), "read");
    }
  } catch (error) {
    trials[place] = (error as NodeJS.ErrnoException).code ?? String(error);
  }
}
console.log(JSON.stringify(trials));
"""


async def try_to_read(reader, paths):
    outcome = await reader.run(TRIAL.replace("PATHS", json.dumps(paths)))
    if outcome["error"]:
        raise RuntimeError(f"Expected the trial of {reader.name} to run, received {outcome['error']}.")
    return json.loads(outcome["text"])


async def private_places(student):
    """Returns what only this student may read, as the student's own kernel sees it."""
    found = await student.run(
        """
import * as ownFs from "node:fs";
const ownRuntime = process.env.JUPYTER_RUNTIME_DIR!;
const ownSockets = ownFs.readdirSync(ownRuntime).filter((name) => name.includes("-ipc-")).map((name) => `${ownRuntime}/${name}`);
console.log(JSON.stringify([ownRuntime, ...ownSockets, `/proc/${process.pid}/environ`]));
"""
    )
    work = f"{student.home}/convnotes"
    history = f"{student.home}/.local/share/jupyter/convnotes/history.jsonl"
    return [work, f"{work}/labs/mine.ipynb", history, *json.loads(found["text"])]


async def main():
    task = json.load(sys.stdin)
    students = [Student(task["url"], **each) for each in task["students"]]
    together = asyncio.gather
    first, second = students[0], students[1]
    result = {}

    stranger = Student(task["url"], first.name, "not the password", first.home)
    try:
        await stranger.log_in()
        result["wrong password"] = "logged in"
    except Exception as error:
        result["wrong password"] = str(error)

    await together(*(student.log_in() for student in students))
    result["start"] = await together(*(timed(student.start_server()) for student in students))
    result["files"] = [await student.files("convnotes/labs") for student in students]
    await together(*(student.save("convnotes/labs/mine.ipynb", task["notebook"]) for student in students))
    result["kernels"] = await together(*(student.start_kernel("convnotes/labs") for student in students))
    print("servers and kernels started", file=sys.stderr, flush=True)
    result["work"] = await together(*(work_through(student, task["cells"]) for student in students))
    print("notebooks finished", file=sys.stderr, flush=True)

    async def go_on(student, number):
        await student.run(f"const mine = {number};")
        for _ in range(10):
            await student.run("await new Promise((resolve) => setTimeout(resolve, 500));")
        return (await student.run("console.log(mine)"))["text"].strip()

    greedy, *others = await together(
        first.run(task["greedy"]), *(go_on(student, at) for at, student in enumerate(students[1:], 1))
    )
    result["greedy"] = greedy
    result["others"] = others
    result["afterwards"] = (await first.run("console.log(1 + 1)"))["text"].strip()
    print("memory tried", file=sys.stderr, flush=True)

    places = await private_places(second)
    result["own"] = await try_to_read(second, places)
    result["other"] = await try_to_read(first, places)
    result["api"] = {
        path: [await second.status(path), await first.status(path)]
        for path in (
            second.path("contents/convnotes/labs/mine.ipynb"),
            second.path("kernels"),
            f"/hub/api/users/{second.name}",
        )
    }
    json.dump(result, sys.stdout)


asyncio.run(main())
