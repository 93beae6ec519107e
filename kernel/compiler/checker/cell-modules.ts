/**
 * Collects the modules and files that cells refer to, and generates a file that imports all of
 * them.
 */
import { join } from "node:path";
import ts from "typescript";
import type { ImportMode, ModuleResolver } from "../project/module-resolver";
import {
  type CheckerHost,
  type FoundModule,
  internalFile,
} from "./internal-typescript";
import { kernelGlobals, kernelModules } from "./kernel-globals";

/** A module that a cell refers to. */
export interface CellModule {
  readonly name: string;
  /** Whether it is imported or required. */
  readonly mode: ImportMode;
}

/** The modules and references of a notebook's cells. */
export class CellModules {
  readonly #folder: string;
  readonly #modules = new Map<string, CellModule>();
  /** The lines of comments such as `/// <reference …>`. */
  readonly #references = new Set<string>();
  readonly #found = new Map<string, FoundModule>();

  /** @param folder The folder of the cells. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The path of the generated file that imports all modules. */
  get anchorPath(): string {
    return join(this.#folder, "__anchor__.ts");
  }

  /** Whether cells have `/// <reference …>` comments. */
  get hasReferences(): boolean {
    return this.#references.size > 0;
  }

  /** Whether a module is in the collection. */
  has(module: CellModule): boolean {
    return this.#modules.has(keyOf(module));
  }

  /** Adds the modules and references of a cell. Returns whether one of the references is new. */
  add(modules: readonly CellModule[], references: readonly string[]): boolean {
    for (const module of modules) this.#modules.set(keyOf(module), module);
    const isNew = references.some((line) => !this.#references.has(line));
    for (const line of references) this.#references.add(line);
    return isNew;
  }

  /** Removes all references. */
  clearReferences(): void {
    this.#references.clear();
  }

  /**
   * Returns the resolution of a module in the latest program, or undefined if it was not part of
   * it.
   */
  found({ name, mode }: CellModule): FoundModule | undefined {
    return (
      this.#found.get(keyOf({ name, mode })) ??
      this.#found.get(keyOf({ name, mode: "import" }))
    );
  }

  /**
   * Whether the latest program has neither a file for a module nor, as for Node's own modules, an
   * ambient declaration.
   *
   * @param checker The checker of that program.
   */
  isMissing(module: CellModule, checker: ts.TypeChecker): boolean {
    if (this.found(module)?.resolvedModule) return false;
    const quoted = JSON.stringify(module.name);
    return !checker.getAmbientModules().some(({ name }) => name === quoted);
  }

  /**
   * Returns the files through which a program reads what cells refer to.
   *
   * One file imports every module and declares the kernel's own globals. Further files declare the
   * modules that the kernel provides and the project does not contain; TypeScript prefers them to a
   * package's declarations.
   */
  files(resolver: ModuleResolver): readonly ts.SourceFile[] {
    const provided = Object.entries(kernelModules).flatMap(([name, text]) => {
      const found = resolver.types(name, this.anchorPath, "import");
      const path = join(this.#folder, `__${name}__.d.ts`);
      return found.resolvedModule ? [] : [parse(path, text)];
    });
    return [this.#anchor(), ...provided];
  }

  /** Records how a program resolved the modules. */
  record(program: CheckerHost): void {
    this.#found.clear();
    const anchor = program.getSourceFile(this.anchorPath)!;
    for (const name of internalFile(anchor).imports) {
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

/** Returns whether a specifier in a cell or in the generated file is imported or required. */
export function modeIn(specifier: ts.StringLiteralLike): ImportMode {
  return ts.isExternalModuleReference(specifier.parent) ? "require" : "import";
}

function parse(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
}

function keyOf({ name, mode }: CellModule): string {
  return `${mode}:${name}`;
}
