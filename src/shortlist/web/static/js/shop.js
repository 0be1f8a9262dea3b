// What the storefront does beyond what it does without scripts.

import * as filters from "./filters.js";
import * as opinions from "./opinions.js";
import * as search from "./search.js";
import * as why from "./why.js";

for (const each of [filters, opinions, search, why]) each.listen();
