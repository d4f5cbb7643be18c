// Writes docs/reference/library.md from the docstrings of what the package exports, so that the two cannot disagree. A test compares them.
//     node scripts/write-library.mjs
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../', import.meta.url));
export const libraryPage = fileURLToPath(new URL('../docs/reference/library.md', import.meta.url));

const INTRODUCTION = `# Library

_Written by \`scripts/write-library.mjs\` from the docstrings of \`src/index.ts\` and \`src/browser.ts\`._

\`import { ... } from 'giemsa'\` in Node.js; \`'giemsa/browser'\` in a page has everything but what is marked **Node**. Examples: [use a model
elsewhere](../guides/use-a-model-elsewhere.md), [train your own network](../guides/train-your-own.md). Errors are \`GiemsaError\`, \`EngineError\`, \`NetworkError\` or
\`EvaluationError\`, each with a \`code\` that does not change between versions ([all of them](errors.md)), where nothing else is said. Scores are the probability of _parasitized_, everywhere.

For the main job \`loadClassifier\` is enough; in a page it wants an address or the bytes of a model. What stands under Engine and Network is for those who build training or inference of their own.
`;

/** In the order of the page; by the first folder of the file. */
const SECTIONS = {
  '': 'Classifier',
  model: 'Models and predictions',
  cells: 'Images of cells',
  dataset: 'Data sets and splits',
  training: 'Training',
  recipes: 'Recipes',
  evaluation: 'Evaluation',
  audit: 'Audit',
  figures: 'Figures',
  network: 'Network',
  engine: 'Engine',
  errors: 'Errors',
};

/** Of what a page has not. */
const MARK = ' **Node**';

/** What an entry of the package exports, and the means to ask about it. */
function openEntry(entry) {
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const program = ts.createProgram([`${root}src/${entry}.ts`], options);
  const checker = program.getTypeChecker();
  const original = (symbol) =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const source = program.getSourceFile(`${root}src/${entry}.ts`);
  const exported = checker
    .getExportsOfModule(checker.getSymbolAtLocation(source))
    .map((symbol) => ({ name: symbol.name, symbol: original(symbol) }));
  return { checker, original, exported };
}

/**
 * Types of ours that nobody can import, though exported functions name them, or what these are made of does.
 * @param {'index' | 'browser'} entry
 * @returns {string[]}
 */
export function unnamedTypes(entry) {
  const { checker, original, exported } = openEntry(entry);
  const known = new Set(exported.map(({ name }) => name));
  const namedBy = (symbols) => {
    const found = new Map();
    const visit = (node) => {
      // What a function does inside is nobody's business.
      if (ts.isBlock(node)) return;
      if (ts.isTypeReferenceNode(node) || ts.isExpressionWithTypeArguments(node)) {
        const type = original(checker.getSymbolAtLocation(node.typeName ?? node.expression));
        const [declaration] = type.declarations ?? [];
        const isOurs = declaration?.getSourceFile().fileName.startsWith(`${root}src/`);
        if (isOurs && !ts.isTypeParameterDeclaration(declaration)) found.set(type.name, type);
      }
      ts.forEachChild(node, visit);
    };
    for (const { declarations = [] } of symbols) declarations.forEach(visit);
    return found;
  };
  const functions = exported
    .map(({ symbol }) => symbol)
    .filter(({ flags }) => flags & ts.SymbolFlags.Function);
  const named = namedBy(functions);
  const names = [...named.keys(), ...namedBy(named.values()).keys()];
  return [...new Set(names)].filter((name) => !known.has(name)).sort();
}

export function libraryText() {
  const { checker, exported } = openEntry('index');
  const inBrowser = new Set(openEntry('browser').exported.map(({ name }) => name));
  const sections = new Map(
    Object.keys(SECTIONS).map((folder) => [folder, { values: [], types: [], browser: false }]),
  );
  for (const { name, symbol } of exported) {
    const [declaration] = symbol.declarations;
    const [folder, ...rest] = relative(`${root}src`, declaration.getSourceFile().fileName).split('/');
    const section = sections.get(name.endsWith('Error') ? 'errors' : rest.length === 0 ? '' : folder);
    const mark = inBrowser.has(name) ? '' : MARK;
    section.browser ||= mark === '';
    if (symbol.flags & ts.SymbolFlags.Value)
      section.values.push(valueText(checker, name, symbol, declaration, mark));
    else section.types.push(`\`${name}\`${mark}`);
  }
  const text = [...sections].map(([folder, { values, types, browser }]) => {
    const list = types.length > 0 ? `Types: ${types.sort().join(', ')}.\n` : '';
    const entries = `${values.sort().join('\n')}\n${list}`;
    // Marked as a whole where nothing of it is for a page.
    return `## ${SECTIONS[folder]}${browser ? '' : MARK}\n\n${browser ? entries : entries.replaceAll(MARK, '')}`;
  });
  return `${INTRODUCTION}\n${text.join('\n')}`;
}

function valueText(checker, name, symbol, declaration, mark) {
  const type = checker.getTypeOfSymbolAtLocation(symbol, declaration);
  const [signature] = type.getCallSignatures();
  const flags = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope;
  const of = () =>
    ts.isClassDeclaration(declaration)
      ? `class ${name} extends Error`
      : `${name}: ${checker.typeToString(type)}`;
  const shown = signature ? name + checker.signatureToString(signature, declaration, flags) : of();
  const said = plain(ts.displayPartsToString(symbol.getDocumentationComment(checker)));
  const tags = symbol.getJsDocTags(checker).map((tag) => {
    const words = plain(ts.displayPartsToString(tag.text));
    if (tag.name === 'param') return `\`${words.split(' ')[0]}\`: ${words.split(' ').slice(1).join(' ')}`;
    return `${tag.name === 'returns' ? 'Returns' : 'Throws'} ${words}`;
  });
  const notes = [said, ...tags].filter((part) => part !== '').map((part) => part.replace(/[.;]?$/, '.'));
  return `### ${name}${mark}\n\n\`\`\`ts\n${shown}\n\`\`\`\n\n${notes.join(' ')}\n`;
}

/** Lines as one. */
function plain(text) {
  return text.replace(/\s+/g, ' ').trim();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(libraryPage, libraryText());
