"""Checks one response of each kind before the measurement, and signs in for its access token."""

import http.client
import json
import os
import sys
import time

import database

FIELDS = {"id", "name", "phone", "email", "address", "credit_limit", "current_balance", "is_active", "created_at"}
NEW = {
    "name": "Checked customer",
    "email": "checked@example.org",
    "phone": "+49 30 555",
    "address": "1 Market Street",
    "credit_limit": "12.50",
}


class Server:
    """One connection. To be used at once: servers close idle connections."""

    def __init__(self, port: int, token: str | None = None):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.token = token

    def ask(self, method: str, path: str, body=None, token=True):
        headers = {}
        if token and self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if body is not None:
            headers["Content-Type"] = "application/json"
        self.connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = self.connection.getresponse()
        raw = answer.read()
        try:
            content = json.loads(raw) if raw else None
        except ValueError:
            content = raw
        return answer, content, len(raw)


def wait(port: int, process: int, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            Server(port).ask("GET", "/api/customers?limit=1")
            return
        except OSError:
            pass
        if not os.path.exists(f"/proc/{process}") or time.monotonic() > end:
            sys.exit("bench-api: the server does not answer")
        time.sleep(0.1)


def must(holds: bool, what: str, *seen) -> None:
    if not holds:
        sys.exit(f"bench-api: {what}: {' '.join(map(str, seen))}"[:2000])


def sign_in(server: Server, password: str) -> str:
    credentials = {"email": database.EMAIL, "password": password}
    answer, content, _ = server.ask("POST", "/api/auth/login", credentials)
    must(answer.status == 200, "sign in", answer.status, content)
    return content["access_token"]


def check(server: Server, url: str) -> int:
    """Exits if a response is wrong; returns the size of a page of the list in bytes."""
    before = database.facts(url)
    path = "/api/customers?limit=50"
    must(server.ask("GET", path, token=False)[0].status == 401, "a list without a token is not refused")

    answer, page, size = server.ask("GET", path)
    must(answer.status == 200, "list", answer.status, page)
    keys = [item["id"] for item in page["items"]]
    must(keys == list(range(before["first"], before["first"] + 50)), "not the first 50 customers", keys)
    must(all(FIELDS <= item.keys() for item in page["items"]), "fields are missing", page["items"][0])
    answer, following, _ = server.ask("GET", f"{path}&cursor={page['next']}")
    must(answer.status == 200, "the next page", answer.status, following)
    must(following["items"][0]["id"] == keys[-1] + 1, "the next page goes on elsewhere", following["items"][0])

    answer, customer, _ = server.ask("GET", f"/api/customers/{before['last']}")
    must(answer.status == 200 and customer["id"] == before["last"], "read", answer.status, customer)
    must(FIELDS <= customer.keys() and answer.headers["ETag"], "read without a field or ETag", customer)
    answer, content, _ = server.ask("GET", f"/api/customers/{before['other']}")
    must(answer.status in (403, 404), "another organization's customer is not refused", answer.status, content)

    answer, created, _ = server.ask("POST", "/api/customers", NEW)
    must(answer.status == 201 and answer.headers["Location"], "create", answer.status, created)
    must(all(created[name] == value for name, value in NEW.items()), "create: not what was sent", created)
    answer, customer, _ = server.ask("GET", answer.headers["Location"])
    must(answer.status == 200 and customer == created, "what was created is read differently", customer, created)
    after = database.facts(url)
    must(after["customers"] == before["customers"] + 1, "create: not one customer more", before, after)
    must(after["activities"] == before["activities"] + 1, "create: not one activity more", before, after)
    return size


def middle(server: Server, rows: int) -> str:
    """The path of a page in the middle of the list, found by following the pages."""
    cursor = ""
    for _ in range(rows // 1000):
        answer, page, _ = server.ask("GET", "/api/customers?limit=200" + (f"&cursor={cursor}" if cursor else ""))
        must(answer.status == 200, "a page of 200", answer.status, page)
        cursor = page["next"]
    return f"/api/customers?limit=50&cursor={cursor}"
