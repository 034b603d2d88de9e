//! Whether output has colors: `--color`, then `CLICOLOR_FORCE`, then `NO_COLOR`, then `CLICOLOR`, then whether the stream
//! is a terminal (<https://no-color.org>, <https://bixense.com/clicolors>).

use clap::ColorChoice;

use super::{Inputs, Origin, Setting};

/// The variables, the strongest first.
pub(super) const COLOR_VARIABLES: [&str; 3] = ["CLICOLOR_FORCE", "NO_COLOR", "CLICOLOR"];

/// The choice, with what decided it. `--color auto` leaves it to the variables, as no flag does.
pub(super) fn resolve(inputs: &Inputs) -> Setting<ColorChoice> {
    let flag = inputs.flags.color.filter(|choice| *choice != ColorChoice::Auto);
    if let Some(value) = flag {
        return Setting { value, origin: Origin::Flag, name: "--color" };
    }
    for name in COLOR_VARIABLES {
        let Some(typed) = inputs.get(name) else { continue };
        let choice = match (name, typed.value.trim()) {
            ("CLICOLOR_FORCE", "0") => None,
            ("CLICOLOR_FORCE", _) => Some(ColorChoice::Always),
            ("NO_COLOR", _) | ("CLICOLOR", "0") => Some(ColorChoice::Never),
            _ => None,
        };
        if let Some(choice) = choice {
            return typed.with(choice);
        }
    }
    Setting::by_default("--color", ColorChoice::Auto)
}

/// The choice before the settings are read, for their errors too: what cannot be read counts as not set.
pub fn color_choice(flag: Option<ColorChoice>) -> ColorChoice {
    resolve(&Inputs::of_colors(flag)).value
}

/// Whether a stream has colors.
pub fn has_colors(choice: ColorChoice, is_terminal: bool) -> bool {
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => is_terminal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Flags;

    #[test]
    fn the_flag_beats_force_that_no_color_that_clicolor_and_those_the_terminal() {
        use ColorChoice::{Always, Auto, Never};
        // The flag; CLICOLOR_FORCE, NO_COLOR and CLICOLOR; colors on a terminal; colors elsewhere.
        let cases = [
            (None, [None, None, None], true, false),
            (Some(Auto), [None, None, None], true, false),
            (Some(Always), [None, None, None], true, true),
            (Some(Never), [None, None, None], false, false),
            (None, [None, Some("1"), None], false, false),
            (None, [None, Some("0"), None], false, false),
            (None, [None, Some(""), None], true, false),
            (Some(Auto), [None, Some("1"), None], false, false),
            (Some(Always), [None, Some("1"), Some("0")], true, true),
            (None, [Some("1"), None, None], true, true),
            (None, [Some("yes"), Some("1"), Some("0")], true, true),
            (None, [Some("0"), None, None], true, false),
            (None, [Some(""), None, None], true, false),
            (None, [Some("0"), Some("1"), None], false, false),
            (Some(Never), [Some("1"), None, Some("1")], false, false),
            (None, [None, None, Some("0")], false, false),
            (None, [None, None, Some("1")], true, false),
            (None, [None, None, Some("")], true, false),
            (Some(Auto), [None, None, Some("0")], false, false),
        ];
        for case in cases {
            let (flag, values, on_terminal, elsewhere) = case;
            let set = COLOR_VARIABLES.into_iter().zip(values);
            let environment = set.filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())));
            let inputs = Inputs {
                flags: Flags { color: flag, ..Flags::default() },
                environment: environment.collect(),
                dotenv: None,
            };
            let choice = resolve(&inputs).value;
            assert_eq!(
                (has_colors(choice, true), has_colors(choice, false)),
                (on_terminal, elsewhere),
                "{case:?}"
            );
        }
    }

    #[test]
    fn what_decided_is_named() {
        let mut inputs = Inputs::default();
        assert_eq!(resolve(&inputs).origin, Origin::Default);
        inputs.environment.insert("NO_COLOR".to_owned(), "1".to_owned());
        assert_eq!((resolve(&inputs).origin, resolve(&inputs).name), (Origin::Environment, "NO_COLOR"));
        inputs.flags.color = Some(ColorChoice::Always);
        assert_eq!((resolve(&inputs).origin, resolve(&inputs).name), (Origin::Flag, "--color"));
    }
}
