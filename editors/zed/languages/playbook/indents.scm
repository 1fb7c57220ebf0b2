(block "}" @end) @indent
(list "]" @end) @indent
(one_of "]" @end) @indent
