import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** A server that answers as another one did: what a client takes for the same answers where nobody works for them. */
export interface Replay {
  readonly endpoint: string;
  /** Hands requests on and keeps their answers, instead of those kept before. */
  record(): void;
  /** Gives the kept answers, from the first on. */
  rewind(): void;
  close(): Promise<void>;
}

export async function openReplay(endpoint: string): Promise<Replay> {
  let answers: Answer[] = [];
  let next: number | undefined;
  const answerTo = async (message: IncomingMessage): Promise<Answer> => {
    const body = await buffer(message);
    if (next !== undefined) return answers[next++] ?? { status: 500, headers: {}, body: Buffer.alloc(0) };
    const answer = await handOn(new URL(message.url ?? '/', endpoint), message, body);
    answers.push(answer);
    return answer;
  };
  const server = createServer((message, response) => {
    answerTo(message).then(
      ({ status, headers, body }) => response.writeHead(status, headers).end(body),
      (error: unknown) => response.destroy(error as Error),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    record: () => {
      answers = [];
      next = undefined;
    },
    rewind: () => {
      next = 0;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function handOn(url: URL, { method, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (response) => {
      buffer(response).then(
        (received) => resolve({ status: response.statusCode ?? 500, headers: response.headers, body: received }),
        reject,
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
