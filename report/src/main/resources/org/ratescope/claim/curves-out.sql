-- The estimates again.
delete from estimates where name in ('distortion', 'rate', 'elbo');
insert into estimates from estimates_at_end
