//! Every rule by which something can be found. The lists are by area; `all` is what `docs/rules.md` is held to.
