import type { IncomingMessage } from 'node:http'

/**
 * Reads a response's body up to `maxBytes`; `truncated` says that there was more. Text of another encoding than UTF-8
 * is decoded as its content type says; invalid bytes become U+FFFD. Rejects where the connection ends too early.
 */
export async function readBody(
  response: IncomingMessage,
  maxBytes: number,
): Promise<{ text: string; truncated: boolean }> {
  const chunks: Buffer[] = []
  let bytes = 0
  let truncated = false
  for await (const chunk of response as AsyncIterable<Buffer>) {
    const room = maxBytes - bytes
    chunks.push(chunk.subarray(0, room))
    bytes += Math.min(chunk.length, room)
    truncated = chunk.length > room
    if (truncated) break
  }
  const decoder = decoderFor(response.headers['content-type'])
  // Streaming mode where it was cut: half a character at the end is dropped, not replaced.
  return { text: decoder.decode(Buffer.concat(chunks), { stream: truncated }), truncated }
}

function decoderFor(contentType = ''): TextDecoder {
  const label = /charset\s*=\s*"?([\w.:-]{1,40})/i.exec(contentType)?.[1] ?? 'utf-8'
  try {
    return new TextDecoder(label)
  } catch {
    return new TextDecoder('utf-8')
  }
}
