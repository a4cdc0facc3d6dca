"""What somebody who makes a study is given to begin with and told on the way."""
