import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { ProcessEnd, RequestLimits, TakeOutput } from '../powershell/powershell.ts'
import { TransportFailure } from '../transport.ts'
import type { WinRmConnection } from './connection.ts'
import { failureOfFault, faultCode, faultOf } from './fault.ts'
import {
  attributeOf,
  child,
  children,
  readBody,
  textOf,
  writeEnvelope,
  type Element,
  type Node,
} from './soap.ts'

const shellAction = (name: string): string =>
  `http://schemas.microsoft.com/wbem/wsman/1/windows/shell/${name}`
const transferAction = (name: string): string => `http://schemas.xmlsoap.org/ws/2004/09/transfer/${name}`
const terminate = shellAction('signal/terminate')
const done = shellAction('CommandState/Done')

/** What a machine of today takes (MaxEnvelopeSizekb is 500), and a little less. */
const maxEnvelopeSize = 512_000
/** Longest wait of one Receive; the machine answers with a fault when it is over, and is asked again. */
const longestReceiveMs = 20_000
/** The machine itself deletes a shell that nobody has asked anything of for so long: an agent may be killed. */
const idleTimeout = 'PT300.000S'
/** For the last words: Signal and Delete. */
const farewellMs = 3000
/** Bytes of standard input that one Send carries: in base64 and sealed it still fits the envelope. */
const sendBytes = 262_144
/** cmd.exe takes no longer line. */
const longestCommandLine = 8191

/** The machine has deleted the shell by itself (its idle timeout), before the command was begun. */
export class ShellGone extends TransportFailure {
  constructor(detail: string) {
    super('unparsable', detail)
  }
}

/**
 * One Windows remote shell ([MS-WSMV] 3.1.4.1): opened once, many commands, deleted at the end. Every wait is bounded by the
 * command's deadline; a command that is late is told to end.
 */
export class RemoteShell {
  readonly #connection: WinRmConnection
  readonly #to: string
  #id: string | null = null

  constructor(connection: WinRmConnection, to: string) {
    this.#connection = connection
    this.#to = to
  }

  /**
   * Creates the shell: UTF-8, no profile. While a quota of the machine is used up it tries again within `deadlineMs`.
   * Rejects with a TransportFailure.
   */
  async open(deadlineMs: number, signal: AbortSignal): Promise<void> {
    const until = performance.now() + deadlineMs
    for (let pause = 100; ; pause = Math.min(2000, pause * 2)) {
      const body = await this.#ask(
        transferAction('Create'),
        {
          options: { WINRS_NOPROFILE: 'TRUE', WINRS_CODEPAGE: '65001' },
          body: [
            {
              name: 'rsp:Shell',
              content: [
                { name: 'rsp:IdleTimeOut', content: idleTimeout },
                { name: 'rsp:InputStreams', content: 'stdin' },
                { name: 'rsp:OutputStreams', content: 'stdout stderr' },
              ],
            },
          ],
        },
        Math.max(1, until - performance.now()),
        signal,
      )
      const fault = faultOf(body)
      if (!fault) {
        this.#id = shellIdOf(body)
        return
      }
      if (!faultCode.quota.has(fault.code) || performance.now() + pause > until) throw failureOfFault(fault)
      await delay(pause * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined)
      if (signal.aborted) throw new TransportFailure('cancelled', 'interrupted')
    }
  }

  /**
   * Runs one program, its standard input given whole, its standard output handed over as it comes. A command is always told
   * to end at last (Signal), which frees what the machine keeps of it. Rejects with a TransportFailure; the shell goes on
   * where it can.
   */
  async run(
    program: string,
    argv: readonly string[],
    stdin: Buffer,
    { deadlineMs, maxBytes, signal }: RequestLimits,
    take: TakeOutput,
  ): Promise<ProcessEnd> {
    if ([program, ...argv].join(' ').length > longestCommandLine)
      throw new TransportFailure('grader', `a command line of more than ${longestCommandLine} characters`)
    const until = performance.now() + deadlineMs
    const left = () => until - performance.now()
    const command = await this.#start(program, argv, left(), signal)
    try {
      await this.#send(command, stdin, left, signal)
      return await this.#receive(command, left, maxBytes, signal, take)
    } finally {
      // A failing Signal never hides why the command is ended.
      await this.#signal(command).catch(() => undefined)
    }
  }

  /**
   * Deletes the shell, and what still runs in it, over the connection given or its own. Rejects with a TransportFailure;
   * what is left of it ends with its idle timeout.
   */
  async close(connection: WinRmConnection = this.#connection): Promise<void> {
    if (this.#id === null) return
    const signal = AbortSignal.timeout(farewellMs)
    await this.#ask(transferAction('Delete'), {}, farewellMs, signal, connection)
    this.#id = null
  }

  /** After `ShellGone`: the next `open` creates another. */
  forget(): void {
    this.#id = null
  }

  async #start(
    program: string,
    argv: readonly string[],
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<string> {
    const body = await this.#ask(
      shellAction('Command'),
      {
        options: { WINRS_CONSOLEMODE_STDIN: 'FALSE', WINRS_SKIP_CMD_SHELL: 'TRUE' },
        body: [
          {
            name: 'rsp:CommandLine',
            content: [
              { name: 'rsp:Command', content: program },
              ...argv.map((content) => ({ name: 'rsp:Arguments', content })),
            ],
          },
        ],
      },
      timeoutMs,
      signal,
    )
    const fault = faultOf(body)
    if (fault?.code === faultCode.shellNotFound) throw new ShellGone(failureOfFault(fault).message)
    if (fault) throw failureOfFault(fault)
    const id = textOf(child(child(body, 'CommandResponse'), 'CommandId'))
    if (!isIdentifier(id)) throw new TransportFailure('unparsable', 'the machine names no command')
    return id
  }

  async #send(command: string, stdin: Buffer, left: () => number, signal: AbortSignal): Promise<void> {
    let at = 0
    do {
      const part = stdin.subarray(at, at + sendBytes)
      at += part.length
      const stream: Element = {
        name: 'rsp:Stream',
        attributes: {
          Name: 'stdin',
          CommandId: command,
          ...(at >= stdin.length ? { End: 'true' } : {}),
        },
        content: part.toString('base64'),
      }
      const body = await this.#ask(
        shellAction('Send'),
        { body: [{ name: 'rsp:Send', content: [stream] }] },
        left(),
        signal,
      )
      const fault = faultOf(body)
      if (fault) throw failureOfFault(fault)
    } while (at < stdin.length)
  }

  async #receive(
    command: string,
    left: () => number,
    maxBytes: number,
    signal: AbortSignal,
    take: TakeOutput,
  ): Promise<ProcessEnd> {
    const errors: Buffer[] = []
    let bytes = 0
    let enough = false
    for (;;) {
      if (left() <= 0) throw new TransportFailure('timeout', 'the command did not end in time')
      const body = await this.#ask(
        shellAction('Receive'),
        {
          body: [
            {
              name: 'rsp:Receive',
              content: [
                {
                  name: 'rsp:DesiredStream',
                  attributes: { CommandId: command },
                  content: 'stdout stderr',
                },
              ],
            },
          ],
        },
        Math.min(longestReceiveMs, left()),
        signal,
      )
      const fault = faultOf(body)
      if (fault?.code === faultCode.operationTimeout) continue
      if (fault) throw failureOfFault(fault)
      const response = child(body, 'ReceiveResponse')
      for (const stream of children(response, 'Stream')) {
        const name = attributeOf(stream, 'Name')
        if ((name !== 'stdout' && name !== 'stderr') || attributeOf(stream, 'CommandId') !== command) continue
        const part = Buffer.from(textOf(stream), 'base64')
        bytes += part.length
        if (bytes > maxBytes)
          throw new TransportFailure('truncated', `the command wrote more than ${maxBytes} bytes`)
        if (name === 'stderr') errors.push(part)
        else enough ||= take(part)
      }
      const state = child(response, 'CommandState')
      if (enough) return { stderr: Buffer.concat(errors), exitCode: null }
      if (attributeOf(state, 'State') !== done) continue
      const exitCode = Number(textOf(child(state, 'ExitCode')) || Number.NaN)
      if (!Number.isSafeInteger(exitCode))
        throw new TransportFailure('unparsable', 'the command ended without an exit code')
      return { stderr: Buffer.concat(errors), exitCode }
    }
  }

  async #signal(command: string): Promise<void> {
    const code: Element = { name: 'rsp:Code', content: terminate }
    await this.#ask(
      shellAction('Signal'),
      { body: [{ name: 'rsp:Signal', attributes: { CommandId: command }, content: [code] }] },
      farewellMs,
      AbortSignal.timeout(farewellMs),
    )
  }

  async #ask(
    action: string,
    what: { readonly options?: Record<string, string>; readonly body?: readonly Element[] },
    timeoutMs: number,
    signal: AbortSignal,
    connection = this.#connection,
  ): Promise<Node> {
    // The machine's own clock first; ours, a little later, is for a machine that keeps none.
    const operationTimeoutMs = Math.max(500, Math.round(timeoutMs))
    const envelope = writeEnvelope({
      to: this.#to,
      action,
      messageId: randomUUID(),
      operationTimeoutMs,
      maxEnvelopeSize,
      ...(this.#id === null ? {} : { selectors: { ShellId: this.#id } }),
      ...what,
    })
    const patience = AbortSignal.any([signal, AbortSignal.timeout(operationTimeoutMs + farewellMs)])
    const { body } = await connection.post(envelope, maxEnvelopeSize + 65_536, patience)
    return readBody(body)
  }
}

/** Ids come back in requests of ours: a GUID, and nothing else. */
const isIdentifier = (id: string): boolean => /^[0-9A-Fa-f-]{36}$/.test(id)

/** The id of a shell that was created: in the SelectorSet of its reference, or in the shell itself. */
function shellIdOf(body: Node): string {
  const selectors = child(child(child(body, 'ResourceCreated'), 'ReferenceParameters'), 'SelectorSet')
  const selector = children(selectors, 'Selector').find((one) => attributeOf(one, 'Name') === 'ShellId')
  const id = textOf(selector ?? null) || textOf(child(child(body, 'Shell'), 'ShellId'))
  if (!isIdentifier(id)) throw new TransportFailure('unparsable', 'the machine names no shell')
  return id
}
