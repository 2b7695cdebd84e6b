"""Echoes of 400 KiB binary messages over loopback, plain and TLS: Transport against picows and websockets.

    swift build -c release --product TransportPeer
    python benchmark.py .build/release/TransportPeer [ROUNDS] [SECONDS]

Client and server are processes of their own for everybody. Each round measures everybody in turn, so that whatever else
the machine does falls on all of them; a ratio is taken within a round, and the middle one counts. Processor time is that
of client and server together; on a machine that others use it says more than echoes a second. Needs picows and
websockets, and the command openssl for a certificate.
"""

import asyncio
import multiprocessing
import os
import ssl
import statistics
import subprocess
import sys
import tempfile
import time

SIZE = 409_600
PAYLOAD = bytes(index * 31 & 255 for index in range(SIZE))


def server_context(directory):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{directory}/certificate.pem", f"{directory}/key.pem")
    return context


def client_context(directory):
    return ssl.create_default_context(cafile=f"{directory}/certificate.pem")


def websockets_server(ready, directory):
    from websockets.asyncio.server import serve

    async def echo(connection):
        async for message in connection:
            await connection.send(message)

    async def main():
        context = server_context(directory) if directory else None
        async with serve(echo, "127.0.0.1", 0, max_size=None, compression=None, ssl=context) as server:
            ready.put(server.sockets[0].getsockname()[1])
            await asyncio.get_running_loop().create_future()

    asyncio.run(main())


async def websockets_client(port, directory, seconds):
    from websockets.asyncio.client import connect

    url = f"{'wss' if directory else 'ws'}://127.0.0.1:{port}"
    context = client_context(directory) if directory else None
    async with connect(url, max_size=None, compression=None, ssl=context, proxy=None) as connection:
        start, count = time.perf_counter(), 0
        while time.perf_counter() - start < seconds:
            await connection.send(PAYLOAD)
            await connection.recv()
            count += 1
        return count / (time.perf_counter() - start)


def picows_server(ready, directory):
    import picows

    class Echo(picows.WSListener):
        def on_ws_frame(self, transport, frame):
            if frame.msg_type == picows.WSMsgType.BINARY:
                transport.send(picows.WSMsgType.BINARY, frame.get_payload_as_bytes())
            elif frame.msg_type == picows.WSMsgType.CLOSE:
                transport.disconnect()

    async def main():
        context = server_context(directory) if directory else None
        server = await picows.ws_create_server(lambda request: Echo(), "127.0.0.1", 0, ssl=context)
        ready.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())


async def picows_client(port, directory, seconds):
    import picows

    echoed = asyncio.Queue()

    class Listener(picows.WSListener):
        def on_ws_frame(self, transport, frame):
            echoed.put_nowait(len(frame.get_payload_as_bytes()))

    url = f"{'wss' if directory else 'ws'}://127.0.0.1:{port}/"
    context = client_context(directory) if directory else None
    transport, _ = await picows.ws_connect(Listener, url, ssl_context=context)
    start, count = time.perf_counter(), 0
    while time.perf_counter() - start < seconds:
        transport.send(picows.WSMsgType.BINARY, PAYLOAD)
        await echoed.get()
        count += 1
    rate = count / (time.perf_counter() - start)
    transport.disconnect()
    return rate


def processor_seconds(pid):
    """What a process has used so far, in user mode and in the kernel."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Python:
    def __init__(self, server, client, directory):
        self.client, self.directory = client, directory
        ready = multiprocessing.Queue()
        self.process = multiprocessing.Process(target=server, args=(ready, directory), daemon=True)
        self.process.start()
        self.port = ready.get(timeout=30)

    def measure(self, seconds):
        """Echoes a second, and the client's processor time."""
        start = time.process_time()
        rate = asyncio.run(self.client(self.port, self.directory, seconds))
        return rate, time.process_time() - start

    def stop(self):
        self.process.terminate()


class Transport:
    def __init__(self, program, directory):
        self.program, self.directory = program, directory
        identity = [f"{directory}/certificate.pem", f"{directory}/key.pem"] if directory else []
        self.process = subprocess.Popen([program, "serve", "127.0.0.1"] + identity, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def measure(self, seconds):
        url = f"{'wss' if self.directory else 'ws'}://127.0.0.1:{self.port}/"
        authority = f"{self.directory}/certificate.pem" if self.directory else ""
        arguments = [self.program, "rate", url, authority, str(SIZE), str(seconds)]
        client = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
        rate = float(client.stdout.read())
        _, _, usage = os.wait4(client.pid, 0)
        client.returncode = 0
        return rate, usage.ru_utime + usage.ru_stime

    def stop(self):
        self.process.terminate()


def main(program, rounds="7", seconds="2"):
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-keyout", f"{directory}/key.pem", "-out", f"{directory}/certificate.pem", "-subj", "/CN=localhost",
             "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
            check=True, capture_output=True)
        for kind, where in [("plain", None), ("TLS", directory)]:
            peers = {
                "Transport": Transport(program, where),
                "picows": Python(picows_server, picows_client, where),
                "websockets": Python(websockets_server, websockets_client, where),
            }
            rates, costs = {name: [] for name in peers}, {name: [] for name in peers}
            for _ in range(int(rounds)):
                for name, peer in peers.items():
                    before = processor_seconds(peer.process.pid)
                    rate, used = peer.measure(int(seconds))
                    used += processor_seconds(peer.process.pid) - before
                    rates[name].append(rate)
                    costs[name].append(used / (rate * int(seconds)) * 1e6)
            for peer in peers.values():
                peer.stop()
            for name in peers:
                ratio = statistics.median(
                    ours / theirs for ours, theirs in zip(rates["Transport"], rates[name]))
                cost = statistics.median(
                    ours / theirs for ours, theirs in zip(costs["Transport"], costs[name]))
                print(
                    f"{kind}: {name} {max(rates[name]):.0f} echoes of 400 KiB a second at best,",
                    f"{statistics.median(rates[name]):.0f} in the middle,",
                    f"{statistics.median(costs[name]):.0f} µs of processor time an echo;",
                    f"Transport makes {ratio:.2f} times as many for {cost:.2f} times the processor time", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
