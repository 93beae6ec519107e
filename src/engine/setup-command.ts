/**
 * Names the command that compiles the engine's parts, for messages.
 */
import { sep } from "node:path";

/** The command: of the package if this is one, else of the checkout. */
export const setupCommand: string = __dirname.includes(
  `${sep}node_modules${sep}`,
)
  ? "npx convnotes engine setup"
  : "npm run setup";
