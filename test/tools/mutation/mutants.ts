import ts from 'typescript';
import { createPurposes, type Purpose } from './purposes.js';

/** What a watched source calls with the number of a condition and what it was; hands that on. */
export const WATCH = 'watchCondition';

/** One condition of a rule, turned off. */
export interface Mutant {
  /** Line of the condition, from 1. */
  readonly line: number;
  /** The condition as it is written. */
  readonly condition: string;
  /** What is put in its place. */
  readonly becomes: 'true' | 'false';
  readonly decides: Exclude<Purpose, 'words'>;
  /** The condition among those of its file, from 0. */
  readonly index: number;
  readonly source: string;
}

/** A source whose conditions tell `watch` what each of them was, and all ways to turn one of them off. */
export interface Mutated {
  readonly mutants: readonly Mutant[];
  readonly watched: string;
}

/** Every way to turn one condition off in the source of a rule; its text and its evidence are words and are left alone. */
export function mutantsOf(source: string): Mutated {
  const file = ts.createSourceFile('rule.ts', source, ts.ScriptTarget.Latest, true);
  const mutants = new Map<string, Mutant>();
  const spans: Span[] = [];
  const purposeOf = createPurposes(file);
  for (const statement of file.statements) visit(statement, 'answer');
  return { mutants: [...mutants.values()], watched: watchedSource(source, spans) };

  function visit(node: ts.Node, decides: Mutant['decides']): void {
    if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;
    const within = purposeOf(node) ?? decides;
    if (within === 'words') return;
    for (const [condition, values] of conditionsIn(node)) for (const value of values) add(condition, value, within);
    ts.forEachChild(node, (child) => visit(child, within));
  }

  function add(condition: ts.Expression, becomes: 'true' | 'false', decides: Mutant['decides']): void {
    const start = condition.getStart(file);
    const end = condition.getEnd();
    const key = `${start}-${end}-${becomes}`;
    if (mutants.has(key)) return;
    const known = spans.findIndex((span) => span.start === start && span.end === end);
    const index = known === -1 ? spans.push({ start, end }) - 1 : known;
    mutants.set(key, {
      index,
      line: file.getLineAndCharacterOfPosition(start).line + 1,
      condition: source.slice(start, end).replace(/\s+/g, ' '),
      becomes,
      decides,
      source: source.slice(0, start) + becomes + source.slice(end),
    });
  }
}

interface Span {
  readonly start: number;
  readonly end: number;
}

function watchedSource(source: string, spans: readonly Span[]): string {
  const insertions = spans.flatMap(({ start, end }, index) => [
    { at: start, order: -end, text: `${WATCH}(${index}, (` },
    // What ends here closes before anything begins here, the inner one first.
    { at: end, order: Number.NEGATIVE_INFINITY, text: '))' },
  ]);
  insertions.sort((a, b) => b.at - a.at || b.order - a.order);
  return insertions.reduce((made, { at, text }) => made.slice(0, at) + text + made.slice(at), source);
}

type Condition = readonly [ts.Expression, readonly ('true' | 'false')[]];

const both = ['true', 'false'] as const;

function conditionsIn(node: ts.Node): Condition[] {
  // Without its condition a loop has no end, or no turn.
  if (ts.isIterationStatement(node.parent, false) && node.parent.statement !== node) return [];
  if (ts.isBinaryExpression(node)) {
    const kind = node.operatorToken.kind;
    if (kind === ts.SyntaxKind.AmpersandAmpersandToken) return operands(node).map((one) => [one, ['true']]);
    if (kind === ts.SyntaxKind.BarBarToken) return operands(node).map((one) => [one, ['false']]);
    return COMPARISONS.includes(kind) && !isOperand(node) ? [[node, both]] : [];
  }
  if (ts.isIfStatement(node)) return [[node.expression, both]];
  if (ts.isConditionalExpression(node)) return [[node.condition, both]];
  return [];
}

const COMPARISONS = [
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ts.SyntaxKind.LessThanToken,
  ts.SyntaxKind.LessThanEqualsToken,
  ts.SyntaxKind.GreaterThanToken,
  ts.SyntaxKind.GreaterThanEqualsToken,
];

/** The members of a chain, but not a value that the condition hands out, such as the object of `isKnown && { … }`. */
function operands(chain: ts.BinaryExpression): ts.Expression[] {
  if (isPartOf(chain.parent, chain.operatorToken.kind)) return [];
  return members(chain, chain.operatorToken.kind).filter((one) => !isHandedOut(one));
}

function members(node: ts.Expression, kind: ts.SyntaxKind): ts.Expression[] {
  return isPartOf(node, kind) ? [...members(node.left, kind), ...members(node.right, kind)] : [node];
}

function isPartOf(node: ts.Node, kind: ts.SyntaxKind): node is ts.BinaryExpression {
  return ts.isBinaryExpression(node) && node.operatorToken.kind === kind;
}

/** An object, or a constant in capitals, in the place of the result. */
function isHandedOut(node: ts.Expression): boolean {
  const inner = ts.isParenthesizedExpression(node) ? node.expression : node;
  return ts.isObjectLiteralExpression(inner) || /^[A-Z_]+$/.test(inner.getText());
}

/** Whether turning the parent's side off says the same. */
function isOperand(node: ts.BinaryExpression): boolean {
  const { parent } = node;
  return ts.isBinaryExpression(parent) || ts.isIfStatement(parent) || ts.isConditionalExpression(parent);
}
