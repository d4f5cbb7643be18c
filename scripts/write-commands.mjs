// Writes docs/reference/commands.md from the commands' own --help, so that the two cannot disagree. A test compares them.
//     npm run build && node scripts/write-commands.mjs
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
export const commandsPage = fileURLToPath(new URL('../docs/reference/commands.md', import.meta.url));

const INTRODUCTION = `# Commands

_Written by \`scripts/write-commands.mjs\` from the commands' \`--help\`._

In a checkout, write \`npx giemsa\`. Data goes to stdout, everything else to stderr, so output can be piped. Options with one name mean the same in every
command. [Files](files.md) says what is in the files, [errors](errors.md) what to do when something fails.

| exit status | means                                            |
| ----------- | ------------------------------------------------ |
| 0           | done                                             |
| 1           | failed                                           |
| 2           | wrong usage                                      |
| 3           | done, but some inputs could not be read          |
| 130         | stopped by Ctrl-C                                |
`;

/** @type {Map<string, Help>} */
const read = new Map();

/**
 * The help of a command, cut into its sections.
 * @typedef {{ term: string, text: string }} Row
 * @typedef {{ usage: string, description: string, arguments: Row[], options: Row[], commands: Row[], notes: string }} Help
 * @param {readonly string[]} words
 * @returns {Help}
 */
export function readHelp(words) {
  const key = words.join(' ');
  const known = read.get(key);
  if (known) return known;
  const help = execFileSync(process.execPath, [cli, ...words, '--help'], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  const sections = { usage: '', description: '', arguments: [], options: [], commands: [], notes: '' };
  const [first, ...lines] = help.split('\n');
  sections.usage = first.replace('Usage: ', '');
  let into = 'description';
  for (const line of lines) {
    const title = /^(Arguments|Options|Commands):$/.exec(line)?.[1].toLowerCase();
    if (title) into = title;
    else if (into === 'description') sections.description += `${line.trim()} `;
    else if (into === 'notes') sections.notes += `${line}\n`;
    else if (/^ {2}\S/.test(line)) {
      const [, term, text = ''] = /^ {2}(.*?)(?: {2,}(.*))?$/.exec(line);
      sections[into].push({ term, text });
    } else if (/^ {3,}\S/.test(line)) sections[into].at(-1).text += ` ${line.trim()}`;
    // After the last list, a text without indentation: notes and examples.
    else if (line.trim() !== '') {
      into = 'notes';
      sections.notes += `${line}\n`;
    }
  }
  read.set(key, sections);
  return sections;
}

/**
 * Every command by its words, as `['dataset', 'split']`.
 * @param {readonly string[]} words
 * @returns {string[][]}
 */
export function allCommands(words = []) {
  const names = readHelp(words)
    .commands.map(({ term }) => term.split(' ')[0])
    .filter((name) => name !== 'help');
  if (names.length === 0) return words.length > 0 ? [[...words]] : [];
  return names.flatMap((name) => allCommands([...words, name]));
}

function section(words) {
  const { usage, description, arguments: given, options, notes } = readHelp(words);
  const [text, examples = ''] = notes.split(/^Examples:\n/m);
  const table = (heading, rows) => {
    const shown = rows.filter(({ term }) => !/--help/.test(term));
    if (shown.length === 0) return '';
    const lines = shown.map((row) => `| \`${cell(row.term)}\` | ${cell(row.text.trim())} |`);
    return `| ${heading} | |\n| --- | --- |\n${lines.join('\n')}\n`;
  };
  return [
    `## ${words.join(' ')}\n`,
    `${sentence(description)}\n`,
    `\`${usage.replace(/ {2,}/g, ' ')}\`\n`,
    table('argument', given),
    table('option', options),
    text.trim() && `${text.trim()}\n`,
    examples && `\`\`\`text\n${examples.trimEnd().replace(/^ {2}/gm, '')}\n\`\`\`\n`,
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function cell(text) {
  return text.replaceAll('|', '\\|');
}

function sentence(text) {
  const trimmed = text.trim();
  return `${trimmed[0].toUpperCase()}${trimmed.slice(1)}${trimmed.endsWith('.') ? '' : '.'}`;
}

export function commandsText() {
  return `${[INTRODUCTION, ...allCommands().map(section)].join('\n')}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(commandsPage, commandsText());
