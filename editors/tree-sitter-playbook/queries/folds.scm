[
  (block)
  (list)
  (one_of)
  (text)
  (template_text)
] @fold

(doc_comment)+ @fold
(comment)+ @fold
