import { crc32 } from 'node:zlib';

/** A zip archive of text files, stored without compression. Names are taken as they are, so that bad ones can be tested. */
export function zip(files: Readonly<Record<string, string>>): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const path = Buffer.from(name);
    const data = Buffer.from(text);
    const sizes = Buffer.alloc(12);
    sizes.writeUInt32LE(crc32(data), 0);
    sizes.writeUInt32LE(data.length, 4);
    sizes.writeUInt32LE(data.length, 8);
    const nameLength = Buffer.alloc(4);
    nameLength.writeUInt16LE(path.length, 0);
    // Version 2.0, UTF-8 names, stored, 1 January 1980.
    const common = Buffer.from([20, 0, 0, 8, 0, 0, 0, 0, 33, 0]);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, sizes, nameLength, path, data]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    // A central entry has its comment's length, disk and attributes between the name's length and the offset.
    directory.push(
      Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), common, sizes, nameLength, rest, path]),
    );
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, central, end]);
}
