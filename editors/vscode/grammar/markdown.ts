/** Colours playbooks in the fenced blocks of Markdown, as in the documentation and in what a hover shows. */

export const markdown = {
  scopeName: "markdown.playbook.codeblock",
  injectionSelector: "L:text.html.markdown",
  patterns: [{ include: "#fenced" }],
  repository: {
    fenced: {
      name: "markup.fenced_code.block.markdown",
      begin: "(^|\\G)(\\s*)(`{3,}|~{3,})\\s*(?i:(playbook)((\\s+|:|,|\\{|\\?)[^`]*)?$)",
      end: "(^|\\G)(\\2|\\s{0,3})(\\3)\\s*$",
      beginCaptures: {
        "3": { name: "punctuation.definition.markdown" },
        "4": { name: "fenced_code.block.language.markdown" },
      },
      endCaptures: { "3": { name: "punctuation.definition.markdown" } },
      patterns: [
        {
          begin: "(^|\\G)(\\s*)(.*)",
          while: "(^|\\G)(?!\\s*([`~]{3,})\\s*$)",
          contentName: "meta.embedded.block.playbook",
          patterns: [{ include: "source.playbook" }],
        },
      ],
    },
  },
};
