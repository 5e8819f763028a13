import ts from 'typescript';

/**
 * What a part of a rule decides: whether and how surely the rule answers, the order of suspicions, the questions that are asked, what the
 * answer's details say, or only its words to people.
 */
export type Purpose = 'answer' | 'order' | 'questions' | 'details' | 'words';

/** Tells the purpose of a part of a file; `undefined` where its surroundings tell. */
export function createPurposes(file: ts.SourceFile): (node: ts.Node) => Purpose | undefined {
  const names = namesIn(file);
  const known = new Map<ts.Node, Purpose | undefined>();
  return purposeOf;

  function purposeOf(node: ts.Node): Purpose | undefined {
    if (ts.isImportDeclaration(node)) return 'words';
    if (ts.isCallExpression(node) && node.expression.getText() === 'evidence') return 'words';
    const name = nameOf(node);
    if (name === undefined) return undefined;
    const own = ts.isFunctionDeclaration(node) ? undefined : BY_NAME.get(name);
    if (own || ts.isPropertyAssignment(node) || name === 'rule') return own;
    if (!known.has(node)) {
      // Asked again on the way, it is part of a circle and says nothing.
      known.set(node, undefined);
      known.set(node, purposeOfUses(name, node));
    }
    return known.get(node);
  }

  /** What is made for some purposes decides no more than the weightiest of them. */
  function purposeOfUses(name: string, declaration: ts.Node): Purpose | undefined {
    const scope = scopeOf(declaration);
    const uses = names.filter((use) => use.text === name && !isWithin(use, declaration) && isWithin(use, scope));
    const purposes = new Set(uses.map(purposeAround));
    return purposes.has(undefined) ? undefined : BY_WEIGHT.find((purpose) => purposes.has(purpose));
  }

  function purposeAround(use: ts.Node): Purpose | undefined {
    for (let node = use.parent; node; node = node.parent) {
      const purpose = purposeOf(node);
      if (purpose !== undefined) return purpose;
    }
    return undefined;
  }
}

const BY_WEIGHT: readonly Purpose[] = ['answer', 'order', 'questions', 'details', 'words'];

const BY_NAME: ReadonlyMap<string, Purpose> = new Map([
  ['evidence', 'words'],
  ['text', 'words'],
  ['likelihood', 'order'],
  ['ask', 'questions'],
  ['details', 'details'],
]);

function nameOf(node: ts.Node): string | undefined {
  const isNamed = ts.isPropertyAssignment(node) || ts.isVariableDeclaration(node) || ts.isFunctionDeclaration(node);
  return isNamed ? node.name?.getText() : undefined;
}

/** Every name that may stand for a variable or a function, where it is not declared. */
function namesIn(file: ts.SourceFile): ts.Identifier[] {
  const found: ts.Identifier[] = [];
  const collect = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && !isMember(node)) found.push(node);
    ts.forEachChild(node, collect);
  };
  collect(file);
  return found;
}

function isMember(node: ts.Identifier): boolean {
  const { parent } = node;
  return (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) && parent.name === node;
}

function scopeOf(declaration: ts.Node): ts.Node {
  let node = declaration.parent;
  while (!ts.isBlock(node) && !ts.isSourceFile(node)) node = node.parent;
  return node;
}

function isWithin(node: ts.Node, outer: ts.Node): boolean {
  return node.pos >= outer.pos && node.end <= outer.end;
}
