"""The other side of the TLS tests: Python's ssl module, which stands on another build of OpenSSL's state machine.

    tls_peer.py server MODE CHAIN KEY        prints its port, then one line of JSON for each connection
    tls_peer.py client MODE AUTHORITY PORT   prints one line of JSON for each of two connections

MODE: echo         sends back what comes, as it comes
      half-close   reads until the other side ends its sending, only then sends everything back
      notify       ends its own sending after 64 KiB and goes on reading
      truncate     drops the connection without close_notify after the first bytes
"""

import hashlib
import json
import socket
import ssl
import sys

PIECE = 65536


class Connection:
    """TLS over memory, because Python's sockets can't send close_notify and read on."""

    def __init__(self, sock, context, session=None, **arguments):
        self.socket = sock
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.incoming, self.outgoing, session=session, **arguments)
        self.step(self.tls.do_handshake)

    def step(self, action, *arguments):
        """Does something, and moves bytes for as long as it needs more of them."""
        while True:
            try:
                result = action(*arguments)
                self.flush()
                return result
            except ssl.SSLWantReadError:
                self.flush()
                received = self.socket.recv(PIECE)
                if received:
                    self.incoming.write(received)
                else:
                    self.incoming.write_eof()

    def flush(self):
        if self.outgoing.pending:
            self.socket.sendall(self.outgoing.read())

    def read(self):
        """Some bytes; none after close_notify; an exception after an end without one."""
        try:
            return self.step(self.tls.read, PIECE)
        except ssl.SSLZeroReturnError:
            return b""

    def write(self, data):
        self.step(self.tls.write, data)

    def notify(self):
        """Sends close_notify and does not wait for the other side's."""
        try:
            self.tls.unwrap()
        except ssl.SSLWantReadError:
            pass
        self.flush()


def converse(mode, connection):
    checksum, count, end, kept = hashlib.sha256(), 0, "clean", []
    try:
        while data := connection.read():
            checksum.update(data)
            count += len(data)
            if mode == "echo":
                connection.write(data)
            elif mode == "half-close":
                kept.append(data)
            elif mode == "truncate":
                end = "mine"
                break
            elif mode == "notify" and count >= PIECE and kept is not None:
                # Once; and not before everything is read: Python's unwrap reads too, and takes no data.
                connection.notify()
                kept = None
        for data in kept or ():
            connection.write(data)
        if mode != "truncate":
            connection.notify()
    except (ssl.SSLEOFError, ConnectionError) as error:
        end = type(error).__name__
    reused, version = connection.tls.session_reused, connection.tls.version()
    connection.socket.close()
    print(json.dumps({
        "sha256": checksum.hexdigest(), "byteCount": count, "end": end, "isReused": reused, "version": version,
    }), flush=True)


def serve(mode, chain, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print(listener.getsockname()[1], flush=True)
        while True:
            sock, _ = listener.accept()
            converse(mode, Connection(sock, context, server_side=True))


def connect(mode, authority, port):
    context = ssl.create_default_context(cafile=authority)
    session = None
    for _ in range(2):
        sock = socket.create_connection(("127.0.0.1", int(port)))
        connection = Connection(sock, context, session, server_hostname="127.0.0.1")
        connection.write(b"hello")
        converse(mode, connection)
        # A ticket of TLS 1.3 comes after the handshake; by now it has been read.
        session = connection.tls.session


if sys.argv[1] == "server":
    serve(*sys.argv[2:])
else:
    connect(*sys.argv[2:])
