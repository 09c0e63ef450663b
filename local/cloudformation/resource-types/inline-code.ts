import { crc32 } from 'node:zlib';

/**
 * A zip archive of one stored file: what `Code.ZipFile` of a template becomes.
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export function zipOf(fileName: string, content: string): Buffer {
  const name = Buffer.from(fileName);
  const data = Buffer.from(content);
  const shared = Buffer.alloc(26);
  const VERSION = 20;
  const UTF8_NAMES = 0x800;
  shared.writeUInt16LE(VERSION, 0);
  shared.writeUInt16LE(UTF8_NAMES, 2);
  // Stored, at the first moment a zip archive can tell: equal code gives equal bytes.
  shared.writeUInt16LE(0, 4);
  shared.writeUInt32LE(0x00210000, 6);
  shared.writeUInt32LE(crc32(data), 10);
  shared.writeUInt32LE(data.length, 14);
  shared.writeUInt32LE(data.length, 18);
  shared.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), shared, name, data]);
  const entry = Buffer.alloc(14);
  entry.writeUInt32LE(0x81a40000, 6);
  const madeBy = Buffer.from([VERSION, 3]);
  const directory = Buffer.concat([Buffer.from('PK\u0001\u0002'), madeBy, shared, entry, name]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(local.length, 12);
  return Buffer.concat([local, directory, Buffer.from('PK\u0005\u0006'), end]);
}
