select count(*) from chosen where family = 'CNN'
