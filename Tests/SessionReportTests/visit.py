"""Asks a dashboard for what it gives and for what it must not give; prints the answers as one line of JSON.

visit.py URL        URL is what the program printed; stays until the session is over
"""

import http.client
import json
import sys
import threading
import urllib.parse

url = urllib.parse.urlparse(sys.argv[1])
host = url.netloc


def ask(path=url.path, method="GET", **headers):
    connection = http.client.HTTPConnection(url.hostname, url.port, timeout=60)
    connection.putrequest(method, path, skip_host=True)
    for name, value in ({"host": host} | headers).items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    answer = connection.getresponse()
    return answer, connection


def status(*arguments, **headers):
    answer, connection = ask(*arguments, **headers)
    connection.close()
    return answer.status


token = url.path.strip("/")
wrong = ("0" if token[0] != "0" else "1") + token[1:]
page, connection = ask()
text = page.read().decode()
result = {
    "token": token,
    "page": page.status,
    "headers": {name.lower(): value for name, value in page.getheaders()},
    "mentions": token in text,
    "script": status(url.path + "live.js"),
    "localhost": status(host=f"localhost:{url.port}"),
    "refused": {
        "root": status("/"),
        "wrong token": status(f"/{wrong}/"),
        "part of the token": status(f"/{token[:-1]}/"),
        "another host": status(host=f"evil.example:{url.port}"),
        "host without port": status(host="127.0.0.1"),
        "another origin": status(origin="http://evil.example"),
        "null origin": status(origin="null"),
        "cross-site": status(sec_fetch_site="cross-site"),
        "post": status(url.path, "POST", content_length="0"),
        "up": status(url.path + "../"),
    },
}

# One browser that reads nothing, and two that read everything.
silent = ask(url.path + "events")
names = [[], []]
contents = [[], []]


def read(index):
    answer, _ = ask(url.path + "events")
    name = None
    for raw in answer:
        line = raw.decode().rstrip("\n")
        if line.startswith("event: "):
            name = line[7:]
        elif line.startswith("data: "):
            names[index].append(name)
            if name == "content":
                contents[index].append(json.loads(line[6:]))


readers = [threading.Thread(target=read, args=(index,)) for index in range(2)]
for reader in readers:
    reader.start()
print("watching", file=sys.stderr, flush=True)
for reader in readers:
    reader.join(timeout=120)
result["names"] = names
result["over"] = ["Ended: in order" in content[-1] for content in contents]
print(json.dumps(result))
