//! Firms: what they do, how large they are, and how a tired person types that.

use super::Temper;
use crate::sample::random::Random;

#[rustfmt::skip]
const STEMS: [&str; 44] = [
    "Brindlewood", "Oakenquay", "Marrowbank", "Tidefall", "Pipersedge", "Quillstone", "Hollowgate", "Embercliff", "Fernhold", "Stonewick",
    "Larkmere", "Driftmoor", "Copperlea", "Greyheron", "Mossgate", "Thistlerow", "Ravensby", "Kestrelton", "Amberfold", "Wrenfold",
    "Harrowden", "Fallowbeck", "Cinderlow", "Otterby", "Pinecrag", "Rookhope", "Silverfen", "Teaselow", "Umberly", "Vinegrove", "Whinrow",
    "Yarrowfield", "Zephyrlea", "Nettlemere", "Duskmoor", "Ferrywick", "Galebeck", "Islebrook", "Jaywick Row", "Lanternby", "Millrace Hill",
    "Northfold", "Peatmoss Lane", "Saltreed",
];

/// A firm as it stands in the file.
#[derive(Clone)]
pub(super) struct Firm {
    pub(super) name: String,
    pub(super) domain: String,
    pub(super) industry: &'static str,
    pub(super) staff: String,
    pub(super) bids: String,
    pub(super) tools: String,
    australian: bool,
    temper: Temper,
}

impl Firm {
    /// The country, as somebody typed it.
    pub(super) fn spelled_country(&self, random: &mut Random) -> &'static str {
        let spellings: &[&'static str] =
            if self.australian { &["AU", "AU", "Australia"] } else { &["NZ", "NZ", "New Zealand", "nz"] };
        random.pick(spellings)
    }
}

/// The firms so far; one in four people works with somebody already there.
pub(super) struct Firms {
    made: Vec<Firm>,
}

impl Firms {
    pub(super) fn new() -> Self {
        Self { made: Vec::new() }
    }

    pub(super) fn next(&mut self, temper: Temper, random: &mut Random) -> Firm {
        if random.chance(25)
            && let Some(firm) = self.made.last()
            && firm.temper == temper
        {
            return firm.clone();
        }
        let stem = STEMS.get(self.made.len()).copied().unwrap_or("Last");
        let firm = found(stem, temper, random);
        self.made.push(firm.clone());
        firm
    }
}

fn found(stem: &str, temper: Temper, random: &mut Random) -> Firm {
    let fits = random.chance(temper.interest());
    let (trade, industry) = match temper {
        Temper::Agency => ("Creative", "Marketing agency"),
        Temper::Stranger => {
            (random.pick(&["Homewares", "Foods", "Freight"]), random.pick(&["retail", "logistics", "Fishing", ""]))
        }
        _ if random.chance(35) => ("Solar", random.pick(&["solar_epc", "Solar", "Solar EPC", "solar_epc"])),
        _ => (
            random.pick(&["Construction", "Builders", "Civil"]),
            random.pick(&["construction", "Construction", "Builder", "Construction company", "n/a"]),
        ),
    };
    let staff =
        if fits { random.between(20, 250) } else { random.pick(&["4", "9", "15", "320", "900"]).parse().unwrap_or(4) };
    let (known, buys_software) = (random.chance(85), random.chance(temper.interest()));
    let tools = if !random.chance(75) {
        random.pick(&["", "n/a"])
    } else if buys_software {
        random.pick(&["Procore", "simPRO", "Excel;Procore", "simPRO;Xero"])
    } else {
        random.pick(&["Excel", "none", "Excel;Xero"])
    };
    Firm {
        name: format!("{stem} {trade}"),
        domain: format!("{}-{}.example", stem.to_lowercase().replace(' ', "-"), trade.to_lowercase()),
        industry,
        staff: if known { staff.to_string() } else { random.pick(&["", "n/a", "?"]).to_owned() },
        bids: if random.chance(60) { random.between(1, 12).to_string() } else { String::new() },
        tools: tools.to_owned(),
        australian: random.chance(35),
        temper,
    }
}
