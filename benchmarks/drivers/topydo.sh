# A list of things to do: added, listed, sorted, done, put off, made to depend on one another, and taken back.
printf '[topydo]\nfilename = todo.txt\narchive_filename = done.txt\nidentifiers = linenumber\n[ls]\nindent = 2\n' > todo.conf
todo() { echo "\$ todo $*"; $PYTHON -m topydo -c todo.conf "$@" || echo "ended with $?"; }
todo add "(B) Call the bank +money @phone due:2d"
todo add "(A) Write the report +work due:2030-01-31 t:2030-01-20"
todo add "Buy bread @shop rec:1w due:today"
todo add "(c) Read it again +work after:2"
printf '(D) Water the plants +home @garden\n2020-02-29 Old thing +home star:1\n' | todo add -f -
todo ls
todo ls -x
todo ls -F '%I %p %x %s %k %d %c %{due: }d' +work
todo ls -f json
todo ls -f ical
todo ls -s desc:importance,due -n 3
todo ls -g project
todo ls due:">=today" "(>C)"
todo ls -- -@shop star
todo lsprj
todo lscon
todo append 1 "before noon"
todo append 1 due:3d
todo pri 3 z
todo pri 3 1
todo depri 1
todo tag 5 star 1
todo tag 5 star
todo tag -r 5 due mon
todo postpone 1 1w
todo postpone -s 2 1m
todo dep add 5 to 6
todo dep ls 5 to
todo dep ls to 6
todo ls -f dot
todo dep rm 5 to 6
todo dep gc
todo do 3
todo do 2
todo do -d yesterday 99
todo do -e "@garden"
todo del 1
todo del nothing
todo revert ls
todo revert
todo sort desc:due
todo archive
todo ls -x
cat done.txt | wc -l
todo help ls
todo nonsense
todo -v
