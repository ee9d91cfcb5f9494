import { Plus } from 'lucide-react';
import { expect, test } from 'vitest';
import { ranked } from '../../renderer/palette/commands.ts';

const commands = ['Library', 'Pause for 1 hour', 'Add files', 'Show as a list'].map((label) => ({
  label,
  icon: Plus,
  run: () => {},
}));
const labels = (text: string): readonly string[] => ranked(commands, text).map(({ label }) => label);

test('without words, everything that can be done is offered', () => {
  expect(labels('')).toHaveLength(commands.length);
});

test('commands with all the words come, those that begin so first, and a search last', () => {
  expect(labels('li')).toEqual(['Library', 'Show as a list', 'Search for “li”']);
  expect(labels('hour pause')).toEqual(['Pause for 1 hour', 'Search for “hour pause”']);
});
