// Fills in an OpenDocument workbook as somebody would who works offline: opens the archive, changes cells, saves it.

import { deflateRawSync, inflateRawSync } from 'node:zlib';

const CONTENT = 'content.xml';

/** The workbook with other texts in cells of a sheet: `[first cell of the row, heading, text]` each. */
export function filledIn(bytes, changes, sheet = 'Answers') {
  const entries = unpacked(bytes);
  const content = entries.find(({ name }) => name === CONTENT);
  let text = content.data.toString('utf8');
  for (const change of changes) text = withCell(text, sheet, change);
  content.data = Buffer.from(text, 'utf8');
  return packed(entries);
}

const ROW = /<table:table-row>.*?<\/table:table-row>/gs;
const CELL = /<table:table-cell\b[^>]*?(?:\/>|>.*?<\/table:table-cell>)/gs;
const words = (cell) => cell.replace(/<[^>]*>/g, '');
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

function withCell(text, name, [first, heading, value]) {
  const begin = text.indexOf(`<table:table table:name="${name}">`);
  const end = text.indexOf('</table:table>', begin);
  const sheet = text.slice(begin, end);
  const [head] = sheet.match(ROW);
  const column = head.match(CELL).map(words).indexOf(heading);
  if (column < 0) throw new Error(`the workbook has no column "${heading}"`);
  let found = false;
  const changed = sheet.replace(ROW, (row) => {
    const cells = row.match(CELL);
    if (words(cells[0]) !== first) return row;
    found = true;
    cells[column] = `<table:table-cell office:value-type="string"><text:p>${escaped(value)}</text:p></table:table-cell>`;
    return `<table:table-row>${cells.join('')}</table:table-row>`;
  });
  if (!found) throw new Error(`the workbook has no row of ${first}`);
  return text.slice(0, begin) + changed + text.slice(end);
}

function unpacked(bytes) {
  const entries = [];
  const last = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  let at = bytes.readUInt32LE(last + 16);
  for (let left = bytes.readUInt16LE(last + 10); left > 0; left -= 1) {
    const [method, size] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)];
    const [named, extra, comment] = [28, 30, 32].map((place) => bytes.readUInt16LE(at + place));
    const own = bytes.readUInt32LE(at + 42);
    const from = own + 30 + bytes.readUInt16LE(own + 26) + bytes.readUInt16LE(own + 28);
    const held = bytes.subarray(from, from + size);
    const name = bytes.toString('utf8', at + 46, at + 46 + named);
    entries.push({ name, data: method === 8 ? inflateRawSync(held) : held });
    at += 46 + named + extra + comment;
  }
  return entries;
}

function packed(entries) {
  const [pieces, list] = [[], []];
  let at = 0;
  for (const { name, data } of entries) {
    // The first entry of the format is not packed, so that programs find it at its place.
    const method = name === 'mimetype' ? 0 : 8;
    const held = method === 8 ? deflateRawSync(data) : data;
    const about = Buffer.alloc(26);
    about.writeUInt16LE(20, 0);
    about.writeUInt16LE(method, 4);
    about.writeUInt16LE(0x21, 8);
    about.writeUInt32LE(crc32(data), 10);
    about.writeUInt32LE(held.length, 14);
    about.writeUInt32LE(data.length, 18);
    about.writeUInt16LE(Buffer.byteLength(name), 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    list.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), about, place, Buffer.from(name));
    const piece = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), about, Buffer.from(name), held]);
    pieces.push(piece);
    at += piece.length;
  }
  const directory = Buffer.concat(list);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...pieces, directory, Buffer.from('PK\x05\x06', 'latin1'), end]);
}

function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return ~crc >>> 0;
}
