[
  (block)
  (list)
  (one_of)
  (group)
] @indent

(block "}" @outdent)
(list "]" @outdent)
(one_of "]" @outdent)
(group ")" @outdent)
