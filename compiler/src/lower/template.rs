//! Templates: the pieces of a message, each placeholder resolved. Where a fact may be missing, the playbook says what stands there.

use language::Span;
use language::syntax::{self, DeclarationKind, Name, Path, TemplatePart, TemplatePartKind, TemplatePiece, Text};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::Lowering;
use super::measure::count;
use crate::codes::messages::{template_parts, unfillable, unknown_placeholder, without_else};
use crate::modules::Declared;
use crate::program::{EntityId, FieldId, FieldPath, FileId, Piece, Subject, Template, TemplateId, Type};

/// What is known of the person who approves a message.
const SENDER: &[&str] = &["name", "first_name", "email", "title"];

impl Lowering<'_> {
    pub(super) fn collect_templates(&mut self) {
        let modules = self.modules;
        for declared in &modules.declarations {
            let DeclarationKind::Template(template) = &declared.declaration.kind else { continue };
            let origin = self.origin(declared.file, template.name.span);
            let name = template.name.text.clone();
            let id = TemplateId(count(self.program.templates.len()));
            self.names.templates.insert(name.clone(), id);
            self.program.templates.push(Template { name, subject: None, body: Vec::new(), origin });
        }
    }

    pub(super) fn lower_templates(&mut self) {
        let modules = self.modules;
        let templates = modules.declarations.iter().filter_map(|declared| match &declared.declaration.kind {
            DeclarationKind::Template(template) => Some((declared, template)),
            _ => None,
        });
        for (place, (declared, template)) in templates.enumerate() {
            let (subject, body) = self.template(declared, template);
            if let Some(lowered) = self.program.templates.get_mut(place) {
                (lowered.subject, lowered.body) = (subject, body);
            }
        }
    }

    fn template(&mut self, declared: &Declared, template: &syntax::Template) -> (Option<Vec<Piece>>, Vec<Piece>) {
        let mut found: FxHashMap<TemplatePartKind, (FileId, Span, Vec<Piece>)> = FxHashMap::default();
        for (index, part) in template.parts.iter().enumerate() {
            let file = declared.member_file(index);
            let pieces = self.pieces(file, part);
            if let Some((first_file, first, _)) = found.get(&part.kind) {
                self.report(template_parts::twice(file, part.span, (*first_file, *first)));
                continue;
            }
            found.insert(part.kind, (file, part.span, pieces));
        }
        let body = found.remove(&TemplatePartKind::Body).map(|(.., pieces)| pieces);
        let empty = body.as_ref().is_none_or(|pieces| pieces.iter().all(is_blank));
        if empty && !declared.declaration.broken {
            self.report(template_parts::no_body(declared.file, &template.name));
        }
        let subject = found.remove(&TemplatePartKind::Subject).map(|(.., pieces)| pieces);
        (subject, body.unwrap_or_default())
    }

    fn pieces(&mut self, file: FileId, part: &TemplatePart) -> Vec<Piece> {
        let mut pieces = Vec::with_capacity(part.pieces.len());
        for piece in &part.pieces {
            match piece {
                TemplatePiece::Literal(text) => pieces.push(Piece::Literal(text.clone())),
                TemplatePiece::Placeholder { path, otherwise, span } => {
                    pieces.extend(self.placeholder(file, path, otherwise.as_ref(), *span));
                }
            }
        }
        pieces
    }

    fn placeholder(&mut self, file: FileId, path: &Path, otherwise: Option<&Text>, span: Span) -> Option<Piece> {
        let (first, rest) = path.parts.split_first()?;
        let fallback = otherwise.map(|text| text.value.clone());
        match (first.text.as_str(), rest) {
            ("client", [name]) if name.text == "name" => Some(Piece::Client),
            ("client", _) => {
                self.report(unknown_placeholder::diagnostic(file, path, &["client.name"]));
                None
            }
            ("sender", [field]) if SENDER.contains(&field.text.as_str()) => {
                Some(Piece::Sender { field: field.text.clone(), otherwise: fallback })
            }
            ("sender", _) => {
                let known: Vec<String> = SENDER.iter().map(|field| format!("sender.{field}")).collect();
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                self.report(unknown_placeholder::diagnostic(file, path, &known));
                None
            }
            _ => self.fill(file, path, fallback, span),
        }
    }

    /// A field of the contact, of its company or of its deal.
    fn fill(&mut self, file: FileId, path: &Path, otherwise: Option<SmolStr>, span: Span) -> Option<Piece> {
        let (first, rest) = path.parts.split_first()?;
        let Some((of, start, entity)) = self.told_of(first) else {
            self.unknown_placeholder(file, path);
            return None;
        };
        let (Some(from), Some(to)) = (rest.first(), rest.last()) else {
            self.report(unfillable::record(file, path, &self.entity_name(entity)));
            return None;
        };
        let inner = Path { parts: rest.to_vec(), span: from.span.to(to.span) };
        let Some((found, owner)) = self.find_field(&inner, entity) else {
            self.report_unknown_field(file, &inner, entity);
            return None;
        };
        self.note_table(file, first);
        self.note_field(file, &inner, &found);
        let field = self.program.entities.get(owner.index())?.fields.get(found.field.index())?;
        let (ty, optional) = (field.ty.clone(), field.optional);
        match ty {
            Type::Record(record) => {
                self.report(unfillable::record(file, path, &self.entity_name(record)));
                return None;
            }
            Type::List(_) => {
                self.report(unfillable::list(file, path));
                return None;
            }
            _ => {}
        }
        let relations: Vec<FieldId> = start.iter().chain(&found.relations).copied().collect();
        // A record that it does not belong to has no facts at all; a deal may not be there either.
        let may_be_missing = optional || !relations.is_empty() || of == Subject::Deal;
        if may_be_missing && otherwise.is_none() {
            self.report(without_else::diagnostic(file, path, span));
            return None;
        }
        let entity = if start.is_empty() { entity } else { self.names.entities.get("Contact").copied()? };
        Some(Piece::Fill { of, field: FieldPath { entity, relations, field: found.field }, otherwise })
    }

    /// Whose fact it is, and the way there from the contact.
    fn told_of(&self, word: &Name) -> Option<(Subject, Vec<FieldId>, EntityId)> {
        let contact = self.names.entities.get("Contact").copied()?;
        let named = self.names.tables.get(&word.text).copied()?;
        match self.entity_name(named).as_str() {
            "Contact" => Some((Subject::Contact, Vec::new(), named)),
            "Deal" => Some((Subject::Deal, Vec::new(), named)),
            "Company" => Some((Subject::Contact, vec![self.names.field(contact, "company")?], named)),
            _ => None,
        }
    }

    fn unknown_placeholder(&mut self, file: FileId, path: &Path) {
        if self.names.module_missing {
            return;
        }
        // `{first_name}`: a field of the contact, most likely.
        let contact = self.names.entities.get("Contact").copied();
        let known = ["contact", "company", "deal"].iter().filter(|word| self.names.tables.contains_key(**word));
        let mut names: Vec<String> = Vec::new();
        for word in known {
            if let Some(entity) = self.names.tables.get(*word) {
                names.extend(self.field_names(*entity).iter().map(|field| format!("{word}.{field}")));
            }
        }
        let bare = contact.filter(|contact| self.find_field(path, *contact).is_some());
        names.extend(SENDER.iter().map(|field| format!("sender.{field}")));
        names.push("client.name".to_owned());
        let known: Vec<&str> = names.iter().map(String::as_str).collect();
        let found = match bare {
            Some(_) => unknown_placeholder::of_contact(file, path),
            None => unknown_placeholder::diagnostic(file, path, &known),
        };
        self.report(found);
    }
}

fn is_blank(piece: &Piece) -> bool {
    matches!(piece, Piece::Literal(text) if text.trim().is_empty())
}
