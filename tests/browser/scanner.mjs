// A malware scanner that speaks clamd's INSTREAM and finds what holds the mark. Until it is started nobody answers at its port.

import { createServer } from 'node:net';

/** Content that it refuses, by the name below. */
export const MARK = 'X-TEST-MALWARE';
export const SIGNATURE = 'Test.Malware-1';

const COMMAND = 'zINSTREAM\0';

/** Starts it at this port of this machine; gives how to stop it. */
export async function startScanner(port) {
  const server = createServer((stream) => {
    let held = Buffer.alloc(0);
    stream.on('error', () => stream.destroy());
    stream.on('data', (piece) => {
      held = Buffer.concat([held, piece]);
      const content = whole(held);
      if (content) stream.end(content.includes(MARK) ? `stream: ${SIGNATURE} FOUND\0` : 'stream: OK\0');
    });
  });
  await new Promise((listening, failed) => server.once('error', failed).listen(port, '127.0.0.1', listening));
  return () => new Promise((closed) => server.close(closed));
}

// The content, once its end was sent: pieces, each after its length, and then a length of nought.
function whole(held) {
  const pieces = [];
  for (let at = COMMAND.length; at + 4 <= held.length; ) {
    const length = held.readUInt32BE(at);
    if (length === 0) return Buffer.concat(pieces);
    pieces.push(held.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return null;
}
