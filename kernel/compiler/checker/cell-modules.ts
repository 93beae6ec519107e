/**
 * The modules and files that cells have asked for, and a file that asks for all of them in their place.
 */
import { join } from "node:path";
import ts from "typescript";
import type { ImportMode, ModuleResolver } from "../project/module-resolver";
import {
  type CheckerHost,
  type FoundModule,
  innerFile,
} from "./inner-typescript";
import { kernelGlobals, kernelModules } from "./kernel-globals";

/** A module that a cell names. */
export interface CellModule {
  readonly name: string;
  /** How it is asked for. */
  readonly mode: ImportMode;
}

/** What the cells of a notebook have asked for. */
export class CellModules {
  readonly #folder: string;
  readonly #modules = new Map<string, CellModule>();
  /** Lines of comments such as `/// <reference …>`. */
  readonly #references = new Set<string>();
  readonly #found = new Map<string, FoundModule>();

  /** @param folder The folder in which the cells stand. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The path of the file that asks for them. */
  get anchorPath(): string {
    return join(this.#folder, "__anchor__.ts");
  }

  /** Whether cells have asked for files by comments. */
  get hasReferences(): boolean {
    return this.#references.size > 0;
  }

  /** Whether a module has been asked for. */
  has(module: CellModule): boolean {
    return this.#modules.has(keyOf(module));
  }

  /** Takes what a cell asks for. Whether a reference among it is new. */
  add(modules: readonly CellModule[], references: readonly string[]): boolean {
    for (const module of modules) this.#modules.set(keyOf(module), module);
    const isNew = references.some((line) => !this.#references.has(line));
    for (const line of references) this.#references.add(line);
    return isNew;
  }

  /** Forgets what was asked for by comments. */
  clearReferences(): void {
    this.#references.clear();
  }

  /** Where a module led in the latest program; undefined if it was not asked for. */
  found({ name, mode }: CellModule): FoundModule | undefined {
    return (
      this.#found.get(keyOf({ name, mode })) ??
      this.#found.get(keyOf({ name, mode: "import" }))
    );
  }

  /**
   * The files through which a program reads what cells ask for: one that imports every module and declares the kernel's own globals, and
   * declarations of the modules that the kernel provides and the project has none of, which TypeScript takes before a package's.
   */
  files(resolver: ModuleResolver): readonly ts.SourceFile[] {
    const provided = Object.entries(kernelModules).flatMap(([name, text]) => {
      const found = resolver.types(name, this.anchorPath, "import");
      const path = join(this.#folder, `__${name}__.d.ts`);
      return found.resolvedModule ? [] : [parse(path, text)];
    });
    return [this.#anchor(), ...provided];
  }

  /** Notes where a program has found the modules. */
  note(program: CheckerHost): void {
    this.#found.clear();
    const anchor = program.getSourceFile(this.anchorPath)!;
    for (const name of innerFile(anchor).imports) {
      const found = program.getResolvedModuleFromModuleSpecifier(name, anchor);
      if (!found) continue;
      const module = { name: name.text, mode: modeIn(name) };
      this.#found.set(keyOf(module), found);
    }
  }

  #anchor(): ts.SourceFile {
    const imports = [...this.#modules.values()].map(({ name, mode }, index) =>
      mode === "import"
        ? `import ${JSON.stringify(name)};`
        : `import __required${index} = require(${JSON.stringify(name)});`,
    );
    const lines = [...this.#references, ...imports, kernelGlobals];
    return parse(this.anchorPath, lines.join("\n"));
  }
}

/** How a cell, or the file in the place of all, asks for a module. */
export function modeIn(specifier: ts.StringLiteralLike): ImportMode {
  return ts.isExternalModuleReference(specifier.parent) ? "require" : "import";
}

function parse(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
}

function keyOf({ name, mode }: CellModule): string {
  return `${mode}:${name}`;
}
