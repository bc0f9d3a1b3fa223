select max(train_examples) from ordinary join split_roles using (set_name, split)
where family = 'MLP' and layers = ${layers} and role = 'sparse' and subset = 'train' and of_first_set
