import { createTerminal } from '../../../cli/terminal.ts';

function screen(rows: number, columns = 20) {
  const written: string[] = [];
  const talk = { write: (text: string) => written.push(text), isTTY: true, rows, columns };
  return { written, terminal: createTerminal({ out: { write: () => {} }, talk }, { json: false }) };
}

test('a redraw goes up by as many lines as were drawn, never above the window', () => {
  const { written, terminal } = screen(4);
  terminal.draw(['1', '2', '3', '4', '5', '6']);
  terminal.draw(['1']);
  expect(written.join('')).toBe('1\n2\n3\n\u001b[3A\u001b[0J1\n');
});

test('a line wider than the window is cut, counting wide characters as two', () => {
  const { written, terminal } = screen(10, 6);
  terminal.draw(['東京東京']);
  expect(written.join('')).toBe('東京…\n');
});

test('what is said stands above the progress', () => {
  const { written, terminal } = screen(10);
  terminal.draw(['working']);
  terminal.say('done');
  terminal.draw([]);
  expect(written.join('')).toBe('working\n\u001b[1A\u001b[0Jdone\n');
});

test('with --json nothing is drawn, and stdout holds data alone', () => {
  const out: string[] = [];
  const talk = { write: () => {}, isTTY: true };
  const terminal = createTerminal({ out: { write: (text) => out.push(text) }, talk }, { json: true });
  terminal.draw(['working']);
  terminal.print('for people');
  terminal.data({ for: 'programs' });
  expect(JSON.parse(out.join(''))).toEqual({ for: 'programs' });
});
