// What every page does beyond what it does without scripts.

import * as menus from "./menus.js";
import * as theme from "./theme.js";

for (const each of [menus, theme]) each.listen();
