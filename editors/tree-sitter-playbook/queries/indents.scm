; In the words of nvim-treesitter.

[
  (block)
  (list)
  (one_of)
  (group)
] @indent.begin

(block "}" @indent.branch @indent.end)
(list "]" @indent.branch @indent.end)
(one_of "]" @indent.branch @indent.end)
(group ")" @indent.branch @indent.end)

; The lines of a text are its own.
[
  (text)
  (template_text)
] @indent.ignore

[
  (comment)
  (doc_comment)
] @indent.auto
