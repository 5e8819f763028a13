import type ts from 'typescript';

/** The text of the file without those `?.` and `??` for which ES2018 needs no variable. */
export function lowerNullish(file: ts.SourceFile, checker: ts.TypeChecker): string;
