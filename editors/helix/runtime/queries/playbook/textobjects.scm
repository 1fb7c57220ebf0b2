; A declaration is a class, a rule or a stage a function, an item of a list a parameter.

(source_file (_ (block) @class.inside) @class.around)
[(rule) (route_line) (mapping) (next) (given) (expect)] @function.around
(stage (block) @function.inside) @function.around
(layer (block) @function.inside) @function.around
(list (_) @parameter.inside)
[(comment) (doc_comment)] @comment.inside
[(comment) (doc_comment)]+ @comment.around
(test_declaration (block) @test.inside) @test.around
