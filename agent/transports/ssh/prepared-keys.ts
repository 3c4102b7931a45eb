import { createSecretKey } from 'node:crypto'
import type { Client } from 'ssh2'

/**
 * Hands the keys of a connection to Node as key objects. ssh2 makes a new AES-GCM cipher for every packet, as GCM must, and
 * gives it the key as bytes: most of what a packet costs is then that Node makes the same key object again (17 µs, and 4 µs
 * with it). What is touched is ssh2's own affair (1.17, lib/protocol/crypto.js): where it doesn't look as expected nothing is
 * changed, and it works as before, only slower.
 */
export function prepareKeys(client: Client): void {
  const protocol = partOf(client, '_protocol')
  prepare(partOf(protocol, '_cipher'), '_encKey')
  prepare(partOf(protocol, '_decipher'), '_decipherKey')
}

function prepare(cipher: unknown, name: string): void {
  const key = partOf(cipher, name)
  if (Buffer.isBuffer(key)) Reflect.set(Object(cipher), name, createSecretKey(key))
}

const partOf = (whole: unknown, name: string): unknown => Reflect.get(Object(whole), name)
