// The mails that the portal has sent, read from the folder into which it puts each as a file.

import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Waits for the mail to this address, or to anybody without one, whose subject holds these words; gives its plain text. */
export async function mailTo(folder, address, words, seconds = 15) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const mails = await all(folder);
    const found = mails.findLast((mail) => (!address || mail.to === address) && mail.subject.includes(words));
    if (found) return found.text;
    if (Date.now() > end) {
      const seen = mails.map((mail) => `${mail.to}: ${mail.subject}`).join('\n  ');
      throw new Error(`no mail to ${address || 'anybody'} about "${words}" within ${seconds} s; there are\n  ${seen}`);
    }
    await new Promise((later) => setTimeout(later, 200));
  }
}

async function all(folder) {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.eml'));
  return Promise.all(names.map(async (name) => parse(await readFile(join(folder, name), 'utf8'))));
}

function parse(raw) {
  const [head, ...rest] = raw.split('\r\n\r\n');
  const boundary = /boundary="([^"]+)"/.exec(head)[1];
  const parts = rest.join('\r\n\r\n').split(`--${boundary}`);
  const plain = parts.find((part) => /content-type: text\/plain/i.test(part));
  const [partHead, ...body] = plain.split('\r\n\r\n');
  return { to: header(head, 'To'), subject: header(head, 'Subject'), text: decoded(partHead, body.join('\r\n\r\n')) };
}

function header(head, name) {
  const unfolded = head.replace(/\r\n[ \t]+/g, ' ');
  const value = new RegExp(`^${name}: (.*)$`, 'm').exec(unfolded)?.[1].trim() ?? '';
  // Words with letters beyond ASCII are sent in pieces of base64.
  return value.replace(/=\?utf-8\?b\?([^?]*)\?=\s*/gi, (_, piece) => Buffer.from(piece, 'base64').toString('utf8'));
}

function decoded(head, body) {
  const encoding = header(head, 'Content-Transfer-Encoding').toLowerCase();
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  if (encoding !== 'quoted-printable') return body;
  const bytes = body.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, code) => String.fromCharCode(parseInt(code, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
