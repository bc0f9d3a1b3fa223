select distinct set_name as set, if(set_name = '3dshapes', 0, 1) as other from ordinary
where set_name <> 'tetrominoes' order by 1
