// TLS inside TDS 7.x: handshake records travel in PRELOGIN packets, later records bare
// (MS-TDS 2.2.6.5, 3.2.5.2). A Duplex between the socket and TLS that adds and removes the packets.
import { Duplex } from "node:stream";
import type { WriteBytes } from "./output.ts";
import { headerBytes, initialPacketBytes, packetize, packetType } from "./packet.ts";
import { ProtocolError } from "./protocol-error.ts";

/** A handshake message from a client is at most a certificate chain; ours asks for none. */
const packetLengthMax = 32_767;

interface HandshakeFraming {
  /** What TLS reads and writes. */
  readonly stream: Duplex;
  /** Bytes from the socket. Throws ProtocolError on what is neither a packet nor a record. */
  push(chunk: Buffer): void;
}

export function createHandshakeFraming(socket: {
  write: WriteBytes;
  end(): void;
  pause(): void;
  resume(): void;
}): HandshakeFraming {
  // Once the client sends a bare record the handshake is over, in both directions: the server
  // says nothing encrypted before it has read LOGIN7.
  let bare = false;
  let tail: Buffer = Buffer.alloc(0);

  function send(bytes: Buffer, done: () => void): void {
    if (bare) socket.write(bytes, done);
    else socket.write(packetize(packetType.prelogin, bytes, initialPacketBytes), done);
  }

  const stream = new Duplex({
    read() {
      socket.resume();
    },
    write(chunk: Buffer, _encoding, done) {
      send(chunk, () => done());
    },
    // One flight of the handshake is one message: clients read exactly one per message sent.
    writev(chunks, done) {
      send(Buffer.concat(chunks.map(({ chunk }) => chunk as Buffer)), () => done());
    },
    final(done) {
      socket.end();
      done();
    },
  });

  function receive(bytes: Buffer): void {
    if (bytes.length > 0 && !stream.push(bytes)) socket.pause();
  }

  return {
    stream,
    push(chunk) {
      if (bare) {
        receive(chunk);
        return;
      }
      let data = tail.length === 0 ? chunk : Buffer.concat([tail, chunk]);
      tail = Buffer.alloc(0);
      while (data.length > 0) {
        if (data[0] !== packetType.prelogin) {
          if (data[0]! < 0x14 || data[0]! > 0x17) throw new ProtocolError("neither packet nor TLS");
          bare = true;
          receive(data);
          return;
        }
        const length = data.length < headerBytes ? headerBytes : data.readUInt16BE(2);
        if (length < headerBytes || length > packetLengthMax) {
          throw new ProtocolError(`handshake packet of ${length} bytes`);
        }
        if (data.length < length || data.length < headerBytes) {
          tail = data;
          return;
        }
        receive(data.subarray(headerBytes, length));
        data = data.subarray(length);
      }
    },
  };
}
