import type ts from 'typescript';

/** The text of the file without those `?.` and `??` that need no variable in ES2018. */
export function lowerNullish(file: ts.SourceFile, checker: ts.TypeChecker): string;
